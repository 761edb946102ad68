/** Plays sequences of operations: random ones from a seed, and recorded ones. */
import fc from 'fast-check';
import { judge, judgeRest } from './judge.ts';
import { FileLives, type Lives } from './lives.ts';
import { Model } from './model.ts';
import { type Operation, operations } from './operations.ts';
import { type Setting, settings } from './setting.ts';

/** Where the state of a new sequence is. */
type Place = () => Promise<Lives>;

const inFile: Place = async () => new FileLives();

/** One sequence from its start to rest; throws where something does not hold. */
export async function play(setting: Setting, sequence: readonly Operation[], place = inFile): Promise<void> {
  const model = await Model.start(setting, await place());
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
    model.exporter.judgeState();
  } finally {
    await model.stop();
    model.exporter.clean();
  }
}

/** Plays so many sequences of a seed; rejects with the shortest counterexample that was found, its seed and its path. */
export async function playSequences(seed: number, numRuns: number, place = inFile): Promise<void> {
  process.stdout.write(`model of the exporter: ${numRuns} sequences of seed ${seed}\n`);
  await fc.assert(
    fc.asyncProperty(settings, operations, (setting, sequence) => play(setting, sequence, place)),
    { numRuns, seed },
  );
}
