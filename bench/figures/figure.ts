/** What every figure is: something measured, beside a floor measured in the same run. */
import type { Stage } from '../run/stage.ts';

/** `>=`: the ratio must reach the target; `<=`: it must not exceed it. */
export type Target = { readonly is: '>=' | '<='; readonly value: number };

/** One line of the page. */
export type Result = {
  readonly name: string;
  /** What was measured, and the floor beside it, in `unit`; null where there is no floor. */
  readonly measured: number;
  readonly floor: number | null;
  readonly unit: string;
  /** What the floor is. */
  readonly floorName: string;
  /** What is held against the target: mostly measured / floor. */
  readonly judged: number;
  readonly judgedUnit: string;
  /** Null: reported without a target. */
  readonly target: Target | null;
  /** Further numbers, as text. */
  readonly note: string;
};

/** A benchmark: measures one or several lines. `names` select it on the command line. */
export type Figure = {
  readonly names: readonly string[];
  readonly measure: (stage: Stage) => Promise<readonly Result[]>;
};

export function holds({ target, judged }: Result): boolean | null {
  if (target === null) return null;
  return target.is === '>=' ? judged >= target.value : judged <= target.value;
}

/** A line whose ratio to its floor is judged. */
export function ratio(result: Omit<Result, 'judged' | 'judgedUnit'> & { readonly floor: number }): Result {
  return { ...result, judged: result.measured / result.floor, judgedUnit: 'x' };
}

/** A line whose own value is judged. */
export function value(result: Omit<Result, 'judged' | 'judgedUnit'>): Result {
  return { ...result, judged: result.measured, judgedUnit: result.unit };
}
