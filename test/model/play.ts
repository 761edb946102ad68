/** Plays sequences of operations: random ones from a seed, and recorded ones. */
import fc from 'fast-check';
import { judge, judgeFile, judgeRest } from './judge.ts';
import { Model } from './model.ts';
import { type Operation, operations } from './operations.ts';
import { type Setting, settings } from './setting.ts';

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
    for (const id of model.projects()) judgeRest(model, id);
    await model.stop();
    judgeFile(model.exporter.file);
  } finally {
    await model.stop();
    model.exporter.clean();
  }
}

/** Plays so many sequences of a seed; rejects with the shortest counterexample that was found, its seed and its path. */
export async function playSequences(seed: number, numRuns: number): Promise<void> {
  process.stdout.write(`model of the exporter: ${numRuns} sequences of seed ${seed}\n`);
  await fc.assert(fc.asyncProperty(settings, operations, play), { numRuns, seed });
}
