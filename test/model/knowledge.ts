/** What the oracle of the whole-exporter model knows of one session: from the world's truth, and from what the exporter says it has recorded. */
import type { Row } from '../../src/domain/row.ts';
import type { FinishedRun, Session } from '../../src/simulator/world/types.ts';
import type { OddHistory } from './faults.ts';

const RETENTION = 30 * 86_400_000_000;

/** What stood when a step began. */
export type Before = {
  /** Now, by the world's clock. */
  readonly now: number;
  /** Runs from here on count: as the exporter has it now, the lowest and the highest so far. */
  readonly epoch: { readonly low: number; readonly high: number };
  /** Two complete sweeps were over: what is first shown now is young, or was hidden. */
  readonly isKnown: boolean;
};

export class Knowledge {
  readonly session: Session;
  /** The session began after the exporter knew all others. */
  readonly #isYoung: boolean;
  /** Runs that may be counted beyond those since the epoch (docs/accounting.md, P1). */
  allowance = 0;
  /** Runs from this place on must be counted; null: none has to be so far. */
  requiredFrom: number | null = null;
  /** Input tokens of runs that a complete sweep showed, as it showed them, by place. */
  readonly shown = new Map<number, number>();
  /** Why its runs need not all be counted at rest. */
  isExcused = false;
  /** Its history told something else than what was: what that does to it cannot be told exactly. */
  harm: OddHistory['harm'] = 'none';
  /** It may be shown older than it is. */
  mayLag = false;
  /** Something moved its time before it was first seen, and no run. */
  #wasTouched = false;
  #row: Row | undefined;

  constructor(session: Session, isYoung: boolean) {
    this.session = session;
    this.#isYoung = isYoung;
  }

  /** What is recorded of the session; undefined: nothing. */
  get row(): Row | undefined {
    return this.#row;
  }

  /** The session changed, but no run ended. */
  touched(): void {
    if (this.#row === undefined) this.#wasTouched = true;
  }

  harmed(harm: OddHistory['harm']): void {
    if (harm === 'none' || harm === 'late') return;
    this.isExcused = true;
    if (this.harm !== 'twice') this.harm = harm;
  }

  /** After a step. True when the session was deleted with a history still to be read. */
  observe(row: Row | undefined, before: Before): boolean {
    const last = this.#row;
    this.#row = row;
    if (row === undefined) return false;
    if (last === undefined) this.#firstSeen(before);
    if (this.requiredFrom === null && this.#isTold(row)) this.requiredFrom = this.#firstRequired(before.now);
    // A row that follows a stale read is settled by a history that may lag as well (L3).
    if (row.stale?.followed === true && last?.stale?.followed !== true) this.allowance += 1;
    if (row.deletedAt !== null) this.isExcused = true;
    return row.deletedAt !== null && row.history.givenUp && last?.history.givenUp !== true;
  }

  /** Runs that may be counted. */
  most(epoch: number): readonly FinishedRun[] {
    return this.session.runs.filter((run) => run.finishedAt >= epoch);
  }

  /**
   * Places of the runs that must be counted by now: those that a sweep showed, and those before `exactUntil` since the first that was
   * told: at rest (Infinity) all of them.
   */
  least(epoch: number, exactUntil: number): readonly number[] {
    const { runs, stamps, current } = this.session;
    const isAtRest = exactUntil === Number.POSITIVE_INFINITY;
    const isUnseen = !isAtRest && (current === null || this.mayLag);
    const isVague = isUnseen || this.isExcused || this.#row?.history.givenUp === true;
    const isRequired = (at: number): boolean => {
      const stamp = stamps[at] ?? 0;
      if (this.requiredFrom === null || at < this.requiredFrom || stamp < epoch) return false;
      return this.shown.has(at) || (!isVague && stamp < exactUntil);
    };
    return [...runs.keys()].filter(isRequired);
  }

  /** A complete sweep showed the session as it is. Two runs of the same figures cannot be told apart in the list. */
  swept(): void {
    const at = visibleRun(this.session);
    const { runs } = this.session;
    const isTwin = runs.some((run, i) => i !== at && haveSameFigures(run, runs[at]));
    if (at >= 0 && !isTwin && this.harm === 'none') this.shown.set(at, tokensOf(runs[at]));
  }

  #firstSeen({ now, epoch, isKnown }: Before): void {
    const old = this.session.runs.filter((run) => run.finishedAt < epoch.high).length;
    const isLate = isKnown && !this.#isYoung;
    const isVague = this.#wasTouched || visibleRun(this.session) < 0 || this.session.running !== null;
    if (this.requiredFrom !== null) this.#seenAgain();
    else if (isLate || this.mayLag) this.allowance += old;
    else if (isVague) this.allowance += Math.min(1, old);
    if (this.#isYoung && !this.mayLag && this.requiredFrom === null && !this.#isForgotten(now)) this.requiredFrom = 0;
  }

  /** Purged, and back: young again, all of its runs may fit into the time since. */
  #seenAgain(): void {
    this.allowance += this.session.runs.length;
    this.isExcused = true;
  }

  /** From now on another run can be told from what was before. */
  #isTold({ figures, history }: Row): boolean {
    return figures !== null || history.place !== null;
  }

  /** What was before the first run that was shown is not required; while a run is in progress, nothing that ended so far is. */
  #firstRequired(now: number): number {
    const { runs, running } = this.session;
    const isShown = running === null && visibleRun(this.session) >= 0;
    return isShown && !this.#isForgotten(now) ? runs.length - 1 : runs.length;
  }

  /** First seen so late that a tombstone of it may have been forgotten, it is baseline. */
  #isForgotten(now: number): boolean {
    return (this.session.stamps.at(-1) ?? now) < now - RETENTION;
  }
}

/** Place of the run that the list shows; -1 while it shows none. */
export function visibleRun(session: Session): number {
  const metadata = session.current?.metadata ?? null;
  const isRun = metadata !== null && (metadata['duration_ms'] ?? metadata['is_error'] ?? null) !== null;
  return isRun ? session.runs.length - 1 : -1;
}

export function tokensOf(run: FinishedRun | undefined): number {
  return run?.figures.total_input_tokens ?? 0;
}

function haveSameFigures(a: FinishedRun, b: FinishedRun | undefined): boolean {
  return b !== undefined && JSON.stringify(a.figures) === JSON.stringify(b.figures);
}
