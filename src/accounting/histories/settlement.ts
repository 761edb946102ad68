/** Settles the account of a session with its history: adds the runs that the list hid, never takes any away (docs/accounting.md, H3). */
import { type CountedRun, FIGURE_BITS, type LastStop, type Row } from '../../domain/row.ts';
import { NO_FIGURES, type Run, sameRun } from '../../domain/session.ts';
import type { History } from '../../domain/source.ts';
import type { AccountingContext } from '../context.ts';
import { countHiddenRun, fillRun } from '../counters/tally.ts';
import type { Ledger } from '../ledger.ts';
import { countedFrom } from '../list/shown.ts';
import { type Alignment, align, NO_STOP } from './alignment.ts';
import { closedTo, creditsOf, nullsOf, onlyOf } from './credits.ts';

/** The row as the history leaves it: verified. `isExact`: false where a smaller number had to be taken. */
export type Settled = { readonly row: Row; readonly isExact: boolean };

/** Counts what only the history shows, and fills in what the list left open. `row`: with what the answer itself shows of its session. */
export function settle(ledger: Ledger, row: Row, history: History, context: AccountingContext): Settled {
  return new Settlement(ledger, row, history, context).run();
}

class Settlement {
  readonly #ledger: Ledger;
  readonly #row: Row;
  readonly #history: History;
  readonly #context: AccountingContext;
  readonly #alignment: Alignment;
  readonly #credits: readonly CountedRun[];
  /** What of the recorded run may still be added when the list completes it. */
  #fillable: number;
  #isExact: boolean;

  constructor(ledger: Ledger, row: Row, history: History, context: AccountingContext) {
    this.#ledger = ledger;
    this.#row = row;
    this.#history = history;
    this.#context = context;
    this.#alignment = align(row, history.stops, history.session.updatedAt, context.epoch);
    this.#credits = row.history.since?.credits ?? [];
    this.#fillable = row.fillable;
    this.#isExact = this.#alignment.isExact;
  }

  run(): Settled {
    this.#fillLastStop();
    this.#countHidden();
    this.#fillCredits();
    const stop = this.#withRecorded(this.#newStop());
    const { place } = this.#alignment;
    const history = { place, stop, blind: false, givenUp: false, since: null, unverified: null };
    const { figures } = this.#row;
    const fillable = figures === null ? 0 : this.#fillable & nullsOf(figures);
    return { row: { ...this.#row, fillable, history }, isExact: this.#isExact };
  }

  get #newest(): number {
    return this.#history.stops.length - 1;
  }

  #stop(at: number): Run {
    return this.#history.stops[at] as Run;
  }

  get #hasCredits(): boolean {
    return creditsOf(this.#row.history) > 0;
  }

  #fill(counted: CountedRun, shown: Run): void {
    const { session } = this.#history;
    this.#ledger.counters = fillRun(this.#ledger.counters, counted, countedFrom(shown, session), this.#context);
  }

  /** The recorded run has what was just added from a stop in the counters. */
  #closeRecorded(counted: CountedRun, shown: Run): void {
    this.#fillable &= ~(counted.fillable & nullsOf(counted.figures) & ~nullsOf(shown.figures));
  }

  /** The stop of the last look may have values by now for what it did not say then. */
  #fillLastStop(): void {
    const { place, stop } = this.#row.history;
    if (place === null || stop === null || !this.#alignment.isContinued) return;
    const now = this.#stop(stop.index);
    this.#fill(stop, now);
    if (!this.#hasCredits && this.#isRecorded(now)) this.#closeRecorded(stop, now);
  }

  #isRecorded(stop: Run): boolean {
    return this.#row.figures !== null && sameRun(this.#row.figures, stop.figures);
  }

  /** Where older credits are but a number, the stops that could be theirs count as runs without usage. */
  #countHidden(): void {
    const { hidden, matches } = this.#alignment;
    const firstMatched = matches.find((at) => at !== NO_STOP) ?? Number.POSITIVE_INFINITY;
    const isVague = (this.#row.history.since?.earlier ?? 0) > 0;
    for (const at of hidden) {
      const mayBeEarlier = isVague && at < firstMatched;
      if (mayBeEarlier) this.#isExact = false;
      const run = mayBeEarlier ? { figures: NO_FIGURES, errorText: null } : this.#stop(at);
      const counted = countedFrom(run, this.#history.session);
      this.#ledger.counters = countHiddenRun(this.#ledger.counters, counted, this.#context);
    }
  }

  #fillCredits(): void {
    for (const [i, at] of this.#alignment.matches.entries()) {
      const credit = this.#credits[i];
      if (at === NO_STOP || credit === undefined) continue;
      this.#fill(credit, this.#stop(at));
      if (i === this.#credits.length - 1) this.#closeRecorded(credit, this.#stop(at));
    }
  }

  /** The newest stop, and which of its nulls may still be added: not those that were counted from elsewhere, or were there before. */
  #newStop(): LastStop | null {
    if (this.#newest < 0) return null;
    const index = this.#newest;
    const figures = { ...this.#stop(index).figures, errorHash: null };
    const { stop: before } = this.#row.history;
    const { matches, hidden, isContinued } = this.#alignment;
    // An error text alone makes a run failed: that is counted, although it does not say so.
    const isFailedByText = figures.isError === null && this.#stop(index).figures.errorHash !== null;
    const open = nullsOf(figures) & ~(isFailedByText ? FIGURE_BITS.isError : 0);
    if (before !== null && before.index === index && isContinued) {
      return { index, figures, fillable: open & before.fillable & nullsOf(before.figures) };
    }
    const credit = this.#credits[matches.indexOf(index)];
    if (credit !== undefined) return { index, figures, fillable: open & credit.fillable & nullsOf(credit.figures) };
    return { index, figures, fillable: hidden.includes(index) ? open : 0 };
  }

  /** Where the newest stop is the recorded run, each of them has what the other one lacks. */
  #withRecorded(stop: LastStop | null): LastStop | null {
    const { figures } = this.#row;
    if (stop === null || figures === null || this.#hasCredits || !sameRun(figures, stop.figures)) return stop;
    const { hidden, isContinued } = this.#alignment;
    const isHidden = hidden.includes(stop.index);
    const isKnown = hidden.length === 0 && isContinued && this.#row.history.stop?.index === stop.index;
    if (!isHidden && !isKnown) return stop;
    const { run } = this.#history.session;
    // While another run is in progress, what is recorded may be a run before this stop: its values are counted already, unless they are open.
    const told = run === null ? onlyOf(figures, this.#fillable) : figures;
    this.#fill(stop, { figures: told, errorText: run?.errorText ?? null });
    if (isHidden) this.#fillable = nullsOf(figures) & nullsOf(stop.figures);
    return closedTo(stop, told);
  }
}
