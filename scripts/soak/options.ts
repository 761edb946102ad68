/** The options that all long tests of a living world take. */
import { parseArgs } from 'node:util';

/** `--minutes`, `--speed` and `--seed` of the command line; the speed is how much faster than a clock the world lives. */
export function lifeOptions(minutes: string, speed: string) {
  const { values } = parseArgs({
    options: {
      minutes: { type: 'string', default: minutes },
      speed: { type: 'string', default: speed },
      seed: { type: 'string', default: '1' },
    },
  });
  return { minutes: Number(values.minutes), speed: Number(values.speed), seed: values.seed };
}
