/** What each project has cost since the day began (UTC): kept in memory, so after a restart the day begins with the process. */
import { DAY, type Micros } from '../domain/time.ts';

/** Nano-US-dollars counted since `from`. */
export type SpentToday = { readonly nanoUsd: number; readonly from: Micros };

type Day = { readonly day: number; readonly costAtStart: number; readonly from: Micros; readonly costNow: number };

export class Spending {
  readonly #days = new Map<string, Day>();

  /** Notes the cost counter of a project; null: no price applies to it. `now`: our clock. */
  note(projectId: string, costNanoUsd: number | null, now: Micros): void {
    if (costNanoUsd === null) return;
    const before = this.#days.get(projectId);
    this.#days.set(projectId, { ...dayOf(before, costNanoUsd, now), costNow: costNanoUsd });
  }

  /** Null where no price has applied yet. */
  today(projectId: string, now: Micros): SpentToday | null {
    const last = this.#days.get(projectId);
    if (last === undefined) return null;
    const { costAtStart, from, costNow } = dayOf(last, last.costNow, now);
    return { nanoUsd: Math.max(0, costNow - costAtStart), from };
  }

  drop(projectId: string): void {
    this.#days.delete(projectId);
  }
}

/** The day that `now` is in: the known one, or one that begins with what was counted before it. */
function dayOf(known: Day | undefined, cost: number, now: Micros): Day {
  const day = Math.floor(now / DAY);
  if (known === undefined || cost < known.costAtStart) return { day, costAtStart: cost, from: now, costNow: cost };
  return known.day === day ? known : { day, costAtStart: known.costNow, from: day * DAY, costNow: cost };
}
