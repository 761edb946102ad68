/** Runs and failed runs of the last hour per project, minute by minute: kept in memory, empty after a restart. */

/** Minutes that are kept; the last one is the present one. */
const MINUTES = 60;
/** Minutes that one step of a series sums up. */
export const STEP_MINUTES = 2;
const STEPS = MINUTES / STEP_MINUTES;

/** Sums over the last hour, and in steps of two minutes, oldest first. */
export type Hour = {
  readonly runs: number;
  readonly failed: number;
  readonly runsByStep: readonly number[];
  readonly failedByStep: readonly number[];
};

/** Counters as they were seen last, and what was added to them, by minute modulo 60. */
type Trend = {
  runs: number;
  failed: number;
  /** The minute that was written last. */
  minute: number;
  readonly runsByMinute: Uint32Array;
  readonly failedByMinute: Uint32Array;
};

export class Trends {
  readonly #trends = new Map<string, Trend>();

  /** Notes the counters of a project; the first ones are where its trend begins. `elapsed`: the clock's, milliseconds. */
  note(projectId: string, runs: number, failed: number, elapsed: number): void {
    const minute = minuteOf(elapsed);
    const trend = this.#trends.get(projectId);
    if (trend === undefined) {
      this.#trends.set(projectId, begin(runs, failed, minute));
      return;
    }
    clear(trend, minute);
    add(trend.runsByMinute, minute, runs - trend.runs);
    add(trend.failedByMinute, minute, failed - trend.failed);
    trend.runs = runs;
    trend.failed = failed;
  }

  /** Null where no run was counted within the last hour, as far as it is known. */
  hour(projectId: string, elapsed: number): Hour | null {
    const trend = this.#trends.get(projectId);
    if (trend === undefined) return null;
    clear(trend, minuteOf(elapsed));
    const runs = sum(trend.runsByMinute);
    const failed = sum(trend.failedByMinute);
    if (runs + failed === 0) return null;
    const { minute, runsByMinute, failedByMinute } = trend;
    return { runs, failed, runsByStep: steps(runsByMinute, minute), failedByStep: steps(failedByMinute, minute) };
  }

  drop(projectId: string): void {
    this.#trends.delete(projectId);
  }
}

function minuteOf(elapsed: number): number {
  return Math.floor(elapsed / 60_000);
}

function begin(runs: number, failed: number, minute: number): Trend {
  return { runs, failed, minute, runsByMinute: new Uint32Array(MINUTES), failedByMinute: new Uint32Array(MINUTES) };
}

/** Empties the minutes since the last one, up to the present one. */
function clear(trend: Trend, minute: number): void {
  const passed = Math.min(MINUTES, minute - trend.minute);
  for (let i = 0; i < passed; i++) {
    trend.runsByMinute[place(minute - i)] = 0;
    trend.failedByMinute[place(minute - i)] = 0;
  }
  if (passed > 0) trend.minute = minute;
}

/** The place of a minute in the ring; minutes may be negative, as the clock's start is arbitrary. */
function place(minute: number): number {
  return ((minute % MINUTES) + MINUTES) % MINUTES;
}

/** A counter that was reset, by a new state, adds nothing. */
function add(minutes: Uint32Array, minute: number, n: number): void {
  if (n > 0) minutes[place(minute)] = (minutes[place(minute)] ?? 0) + n;
}

function sum(minutes: Uint32Array): number {
  return minutes.reduce((total, n) => total + n, 0);
}

function steps(minutes: Uint32Array, last: number): readonly number[] {
  const first = last - MINUTES + 1;
  return Array.from({ length: STEPS }, (_, step) => {
    let total = 0;
    for (let i = 0; i < STEP_MINUTES; i++) total += minutes[place(first + step * STEP_MINUTES + i)] ?? 0;
    return total;
  });
}
