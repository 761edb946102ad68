/** What the ledger records of counted runs besides the counters: cost of the month, and the newest failed run of each class. */
import { describe, expect, test } from 'vitest';
import { beginTotals } from '../../src/accounting/begin.ts';
import type { AccountingContext } from '../../src/accounting/context.ts';
import { verify } from '../../src/accounting/histories/verify.ts';
import { Ledger } from '../../src/accounting/ledger.ts';
import { recordPage } from '../../src/accounting/page.ts';
import type { Row } from '../../src/domain/row.ts';
import type { Figures, Run, Session } from '../../src/domain/session.ts';
import { spentAt } from '../../src/domain/spending.ts';
import { MINUTE, type Micros } from '../../src/domain/time.ts';
import type { Totals } from '../../src/domain/totals.ts';
import { RULES } from '../state/sqlite/counting.ts';

const JUNE = Date.UTC(2026, 5, 1) * 1000;
const MAY = JUNE - 10 * MINUTE;
const PRICED = { ...RULES, prices: [{ applies: () => true, input: 1, output: 0 }] };
const PROJECT = { id: 'p', name: 'p' };
const CONTEXT: AccountingContext = { project: PROJECT, epoch: MAY, rules: PRICED, interval: MINUTE };

const run = (inputTokens: number | null, error: string | null = null): Run => {
  const figures: Figures = {
    durationUs: 1000,
    isError: error !== null,
    errorHash: error,
    inputTokens,
    outputTokens: 1,
    turns: 1,
  };
  return { figures, errorText: error };
};

/** One project whose pages are counted one after the other; each page is committed. */
class Counting {
  totals: Totals = beginTotals(PROJECT, PRICED);
  readonly rows = new Map<string, Row>();

  page(now: Micros, ...sessions: readonly (readonly [id: string, run: Run])[]): void {
    const shown = sessions.map(([id, latest]): Session => ({ id, updatedAt: now, run: latest, indexIds: [] }));
    const ledger = new Ledger(this.totals, this.rows);
    const page = { serverTime: now, knownAt: now, sweptAt: now, sweep: false, youngSince: null };
    recordPage(ledger, { ...page, sessions: shown, malformed: new Set<string>() }, CONTEXT);
    this.#commit(ledger);
  }

  history(now: Micros, id: string, stops: readonly Run[]): void {
    const row = this.rows.get(id) as Row;
    const ledger = new Ledger(this.totals, this.rows);
    const session = { id, updatedAt: row.updatedAt, run: stops.at(-1) ?? null, indexIds: [] };
    verify(ledger, row, { session, stops }, CONTEXT, now);
    this.#commit(ledger);
  }

  /** Tokens of the month of `now`: a million of them cost a dollar. */
  month(now: Micros): number {
    return spentAt(this.totals.spending, now, 0).monthNanoUsd / 1000;
  }

  #commit(ledger: Ledger): void {
    const { changes, totals } = ledger.entries();
    for (const { row } of changes) this.rows.set(row.id, row);
    this.totals = totals;
  }
}

describe('cost of the month', () => {
  test('is what was counted, by server time of counting', () => {
    const counting = new Counting();
    counting.page(MAY, ['a', run(100)], ['b', run(50)]);
    expect(counting.month(MAY)).toBe(150);
    counting.page(JUNE, ['a', run(7)]);
    expect(counting.month(JUNE)).toBe(7);
    expect(counting.totals.counters.costNanoUsd).toBe(157_000);
  });

  test('has the runs that only a history showed', () => {
    const counting = new Counting();
    counting.page(MAY, ['a', run(100)]);
    counting.history(MAY + MINUTE, 'a', [run(100)]);
    counting.page(MAY + 2 * MINUTE, ['a', run(10)]);
    counting.history(JUNE + MINUTE, 'a', [run(100), run(33), run(10)]);
    expect(counting.totals.counters).toMatchObject({ runs: 3, hiddenRuns: 1 });
    expect(counting.month(JUNE + MINUTE)).toBe(33);
  });

  test('has tokens that came later', () => {
    const counting = new Counting();
    counting.page(MAY, ['a', run(null)]);
    expect(counting.month(MAY)).toBe(0);
    counting.page(JUNE, ['a', run(20)]);
    expect(counting.totals.counters.runs).toBe(1);
    expect(counting.month(JUNE)).toBe(20);
  });
});

describe('exemplars of failed runs', () => {
  test('are the newest of each class', () => {
    const counting = new Counting();
    counting.page(MAY, ['a', run(1, 'timed out')], ['b', run(1, 'internal')], ['c', run(1)]);
    counting.page(MAY + MINUTE, ['d', run(1, 'deadline exceeded')], ['e', run(1)]);
    expect(counting.totals.counters.errors).toMatchObject({ timeout: 2, internal: 1 });
    expect(counting.totals.counters.errorExemplars).toEqual({
      timeout: { sessionId: 'd', value: 1, at: MAY + MINUTE },
      internal: { sessionId: 'b', value: 1, at: MAY },
    });
  });

  test('are not replaced by an older run', () => {
    const counting = new Counting();
    counting.page(MAY + MINUTE, ['new', run(1, 'timed out')]);
    counting.page(MAY, ['old', run(1, 'timed out')]);
    expect(counting.totals.counters.errorExemplars['timeout']).toMatchObject({ sessionId: 'new' });
  });

  test('take a class named like a builtin property', () => {
    const counting = new Counting();
    const rules = { ...PRICED, errorClasses: [{ class: 'constructor', pattern: /odd/ }] };
    Object.assign(counting, { totals: beginTotals(PROJECT, rules) });
    const ledger = new Ledger(counting.totals, counting.rows);
    const sessions = [{ id: 'a', updatedAt: MAY, run: run(1, 'odd'), indexIds: [] }];
    const page = {
      serverTime: MAY,
      knownAt: MAY,
      sweptAt: MAY,
      sweep: false,
      youngSince: null,
      malformed: new Set<string>(),
    };
    recordPage(ledger, { ...page, sessions }, { ...CONTEXT, rules });
    expect(ledger.entries().totals.counters).toMatchObject({
      errors: { constructor: 1 },
      errorExemplars: { constructor: { sessionId: 'a' } },
    });
  });
});
