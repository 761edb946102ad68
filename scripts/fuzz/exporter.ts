/** Random sequences of the whole-exporter model. */
import fc from 'fast-check';
import { operations } from '../../test/model/operations.ts';
import { play } from '../../test/model/play.ts';
import { settings } from '../../test/model/setting.ts';

/** Sequences of one seed. */
const SEQUENCES = 50;

/** Plays until the time has come. False at the first counterexample, which is shrunk and printed. */
export async function fuzzExporter(seed: number, until: number, say: (line: string) => void): Promise<boolean> {
  let played = 0;
  const property = fc.asyncProperty(settings, operations, async (setting, sequence) => {
    if (Date.now() >= until) return;
    played += 1;
    await play(setting, sequence);
  });
  for (let next = seed; Date.now() < until; next++) {
    const result = await fc.check(property, { numRuns: SEQUENCES, seed: next });
    if (!result.failed) continue;
    say(`FAILED the exporter: seed ${next}, path ${result.counterexamplePath ?? ''}, after ${played} sequences`);
    say(JSON.stringify(result.counterexample));
    say(result.errorInstance instanceof Error ? (result.errorInstance.stack ?? '') : String(result.errorInstance));
    return false;
  }
  say(`the exporter: ${played} sequences, no counterexample`);
  return true;
}
