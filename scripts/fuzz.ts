/**
 * `npm run fuzz [-- --minutes 10 --seed 1 --model session|exporter]`: plays random schedules through both models for as long as it is told.
 * Prints the seed first, and each counterexample, shrunk. Exits 1 when there is one.
 */
import { parseArgs } from 'node:util';
import { fuzzExporter } from './fuzz/exporter.ts';
import { fuzzSession } from './fuzz/session.ts';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
    model: { type: 'string', default: 'both' },
  },
});
const minutes = Number(values.minutes);
const seed = Number(values.seed);
const models = values.model === 'both' ? ['session', 'exporter'] : [values.model];
if (!(minutes > 0) || !Number.isInteger(seed) || models.some((name) => name !== 'session' && name !== 'exporter')) {
  process.stderr.write('Usage: npm run fuzz -- [--minutes 10] [--seed 1] [--model session|exporter]\n');
  process.exit(2);
}

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const share = (minutes * 60_000) / models.length;
say(
  `seed ${seed}: ${models.map((name) => `npm run fuzz -- --model ${name} --seed ${seed}`).join(', ')} plays it again`,
);
let isSound = true;
if (models.includes('session')) isSound = fuzzSession(seed, Date.now() + share, say) && isSound;
if (models.includes('exporter')) isSound = (await fuzzExporter(seed, Date.now() + share, say)) && isSound;
process.exitCode = isSound ? 0 : 1;
