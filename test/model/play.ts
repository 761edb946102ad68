/** Plays sequences of operations, random ones and recorded ones. */
import fc from 'fast-check';
import { judge, judgeFile, judgeGauges } from './judge.ts';
import { Model, type Setting } from './model.ts';
import { type Operation, operations } from './operations.ts';

/** Sequences in all, over both halves; MODEL_RUNS asks for more or fewer. */
const RUNS = Number(process.env['MODEL_RUNS'] ?? 2000);
const SEED = Number(process.env['MODEL_SEED'] ?? Date.now() % 2 ** 31);

const settings: fc.Arbitrary<Setting> = fc.record({
  seed: fc.string({ minLength: 1, maxLength: 8 }),
  order: fc.constantFrom('newest' as const, 'newest' as const, 'oldest' as const, 'id' as const),
  accounting: fc.constantFrom('last_run' as const, 'every_run' as const),
});

/** One sequence from its start to rest; throws where something does not hold. */
export async function play(setting: Setting, sequence: readonly Operation[]): Promise<void> {
  const model = await Model.start(setting);
  const before = new Map<string, number>();
  try {
    await judge(model, before);
    for (const operation of sequence) {
      await model.apply(operation);
      await judge(model, before);
    }
    await model.settle();
    await judge(model, before);
    for (const id of model.projects()) judgeGauges(model, id);
    await model.stop();
    judgeFile(model.exporter.file);
  } finally {
    await model.stop();
    model.exporter.clean();
  }
}

/** Half of all sequences, with a seed of its own, which is printed; two processes play both halves at once. */
export async function playHalf(half: 0 | 1): Promise<void> {
  const numRuns = Math.ceil(RUNS / 2);
  const seed = (SEED + half * 7919) | 0;
  process.stdout.write(`model, half ${half}: ${numRuns} sequences, MODEL_SEED=${SEED} plays them again\n`);
  await fc.assert(fc.asyncProperty(settings, operations, play), { numRuns, seed });
}
