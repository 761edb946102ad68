/** Random schedules of the one-session model: what happens to the session, and when the exporter looks. */
import { type Random, randomFrom } from './random.ts';
import type { Dice, OperationName, Setting, Weights } from './setting.ts';

export type Step = { readonly op: OperationName; readonly dice: Dice };

/** `isYoung`: the session begins after the exporter has swept its project twice. */
export type Schedule = { readonly isYoung: boolean; readonly steps: readonly Step[] };

/** The schedule of a seed. */
export function scheduleOf(seed: number, setting: Setting): Schedule {
  const random = randomFrom(seed * 7919 + 13);
  const steps: Step[] = [];
  const step = (op: OperationName): void => void steps.push({ op, dice: throwDice(random) });
  const isYoung = random() < setting.young;
  if (isYoung) beginYoung(step, random);
  else beginOld(step, random);
  const count = setting.steps * (0.4 + random() * 0.6);
  for (let i = 0; i < count; i++) step(choose(random, setting.weights));
  return { isYoung, steps };
}

function beginYoung(step: (op: OperationName) => void, random: Random): void {
  for (const op of ['epoch', 'poll', 'poll'] as const) step(op);
  if (random() < 0.3) step('poll');
  step('create');
}

/** Up to three runs, and perhaps one in progress, before the exporter starts. */
function beginOld(step: (op: OperationName) => void, random: Random): void {
  step('create');
  const runs = Math.floor(random() * 4);
  for (let i = 0; i < runs; i++) {
    step('start');
    step('end');
    if (random() >= 0.15) continue;
    step('start');
    step('cancel');
  }
  if (random() < 0.25) step('start');
  step('epoch');
}

function throwDice(random: Random): Dice {
  return [random(), random(), random(), random()];
}

function choose(random: Random, weights: Weights): OperationName {
  const entries = Object.entries(weights) as [OperationName, number][];
  let at = random() * entries.reduce((sum, [, weight]) => sum + weight, 0);
  for (const [op, weight] of entries) {
    at -= weight;
    if (at < 0) return op;
  }
  return 'poll';
}

/** Values that dice are set to in a shrunk schedule, simplest first. */
const SIMPLE = [0, 0.3, 0.5, 0.9] as const;

/** The shortest schedule found that `fails` still: steps are left out, dice made simple. */
export function shrink(schedule: Schedule, fails: (schedule: Schedule) => boolean): Schedule {
  let { steps } = schedule;
  const isStill = (candidate: readonly Step[]): boolean => {
    if (!fails({ ...schedule, steps: candidate })) return false;
    steps = candidate;
    return true;
  };
  for (let changed = true; changed; ) {
    const before = steps;
    for (let i = steps.length - 1; i >= 0; i--) isStill(steps.toSpliced(i, 1));
    for (let i = 0; i < steps.length; i++) {
      for (let die = 0; die < 4; die++) SIMPLE.some((value) => setDie(steps, i, die, value, isStill));
    }
    changed = steps.length < before.length;
  }
  return { ...schedule, steps };
}

/** True when the die shows the value already, or may. */
function setDie(
  steps: readonly Step[],
  at: number,
  die: number,
  value: number,
  isStill: (steps: readonly Step[]) => boolean,
): boolean {
  const step = steps[at] as Step;
  if (step.dice[die] === value) return true;
  const dice = step.dice.with(die, value) as unknown as Dice;
  return isStill(steps.with(at, { ...step, dice }));
}
