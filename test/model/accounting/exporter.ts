/** The exporter's side of the one-session model: the real accounting, with one row and one project's totals around it. */
import { beginTotals } from '../../../src/accounting/begin.ts';
import type { AccountingContext } from '../../../src/accounting/context.ts';
import { retryLater, verify } from '../../../src/accounting/histories/verify.ts';
import { Ledger } from '../../../src/accounting/ledger.ts';
import { apartOf, markMissing } from '../../../src/accounting/list/missing.ts';
import { recordPage } from '../../../src/accounting/page.ts';
import type { Row } from '../../../src/domain/row.ts';
import type { Rules } from '../../../src/domain/rules.ts';
import type { Session } from '../../../src/domain/session.ts';
import { MINUTE, SECOND } from '../../../src/domain/time.ts';
import type { Totals } from '../../../src/domain/totals.ts';
import { asRun, type RunFigures } from './figures.ts';

/** A session as an answer shows it. Seconds. */
export type Shown = { readonly updatedAt: number; readonly run: RunFigures | null };

/** A request for a history was answered: with one, with 404, or not at all. */
export type Answer = (Shown & { readonly stops: readonly RunFigures[] }) | 'gone' | 'failed';

const PROJECT = { id: 'p', name: 'p' };
const ID = 's';
const RULES: Rules = {
  accounting: 'every_run',
  errorClasses: [],
  prices: [],
  budgets: [],
  totalBudget: null,
  teams: [],
  disabled: [],
  durationBuckets: [1],
  exemplars: false,
  indexes: false,
  maxIndexes: 1,
};

export class OneSessionExporter {
  accounting: Rules['accounting'] = 'every_run';
  #totals: Totals = beginTotals(PROJECT, RULES);
  #row: Row | null = null;
  readonly #epoch: number;

  /** `epoch`: seconds. */
  constructor(epoch: number) {
    this.#epoch = epoch;
  }

  get row(): Row | null {
    return this.#row;
  }

  get runs(): number {
    return this.#totals.counters.runs;
  }

  get inputTokens(): number {
    return this.#totals.counters.inputTokens;
  }

  get outputTokens(): number {
    return this.#totals.counters.outputTokens;
  }

  get unreconciled(): number {
    return this.#totals.verification.unreconciled;
  }

  /** A history is wanted. */
  get isWaiting(): boolean {
    return this.accounting === 'every_run' && this.#row !== null && this.#row.history.unverified !== null;
  }

  /** A complete sweep shows the session. `youngSince`: the last poll that would have shown it, in seconds. */
  sweep(shown: Shown, now: number, youngSince: number | null): void {
    this.#change((ledger) => {
      const at = micros(now);
      const times = { serverTime: at, knownAt: at, sweptAt: at };
      const page = { sessions: [sessionOf(shown)], ...times, sweep: true, malformed: new Set<string>() };
      recordPage(ledger, { ...page, youngSince: youngSince === null ? null : micros(youngSince) }, this.#context());
      this.#swept(ledger);
    });
  }

  /** A complete sweep does not show it. */
  sweepWithout(now: number): void {
    this.#change((ledger) => {
      const row = this.#row;
      const end = { startedAt: micros(now), endedAt: micros(now), apart: apartOf(30 * MINUTE) };
      if (row !== null && row.deletedAt === null) markMissing(ledger, row, end);
      this.#swept(ledger);
    });
  }

  /** The tombstone is forgotten. True if there was one so old. */
  purge(before: number): boolean {
    const deletedAt = this.#row?.deletedAt ?? null;
    if (deletedAt === null || deletedAt >= micros(before)) return false;
    this.#row = null;
    return true;
  }

  /** The answer comes in. The outcome as it is counted; null: no answer is awaited any more. */
  answered(answer: Answer, now: number): string | null {
    const row = this.#row;
    if (row === null || row.deletedAt !== null || !this.isWaiting) return null;
    return this.#change((ledger) => {
      if (typeof answer === 'string') return retryLater(ledger, row, 'failed', micros(now), answer === 'gone');
      const history = { session: sessionOf(answer), stops: answer.stops.map((stop) => asRun(stop)) };
      return verify(ledger, row, history, this.#context(), micros(now));
    });
  }

  #swept(ledger: Ledger): void {
    ledger.totals = { ...ledger.totals, sweeps: ledger.totals.sweeps + 1 };
  }

  #context(): AccountingContext {
    const rules = { ...RULES, accounting: this.accounting };
    return { project: PROJECT, epoch: micros(this.#epoch), rules, interval: MINUTE };
  }

  #change<T>(work: (ledger: Ledger) => T): T {
    const ledger = new Ledger(this.#totals, new Map(this.#row === null ? [] : [[ID, this.#row]]));
    const result = work(ledger);
    const { totals, changes } = ledger.entries();
    this.#totals = totals;
    this.#row = changes.at(-1)?.row ?? this.#row;
    return result;
  }
}

function sessionOf({ updatedAt, run }: Shown): Session {
  return { id: ID, updatedAt: micros(updatedAt), run: asRun(run), indexIds: [] };
}

function micros(seconds: number): number {
  return Math.round(seconds * SECOND);
}
