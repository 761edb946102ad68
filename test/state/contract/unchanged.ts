/** The quick check whether sessions are recorded exactly as the list shows them. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Row } from '../../../src/domain/row.ts';
import type { Figures, Session } from '../../../src/domain/session.ts';
import { NEEDS_ROW, type Store } from '../../../src/domain/store.ts';
import { type Kind, openNew } from './kind.ts';
import { added, admissionOf, commitOf, FIGURES, rowOf } from './values.ts';

export function settledContract(kind: Kind): void {
  /** Rows of the page before: the quick look knows where a page is by the one before it. */
  const LEAD = 8;

  /** What the list shows of a session that stands recorded as `row`. */
  const shownAs = (row: Row): Session => ({
    id: row.id,
    updatedAt: row.updatedAt,
    run: row.figures === null ? null : { figures: { ...row.figures }, errorText: null },
    indexIds: [],
  });

  let projects = 0;

  /** A project with these rows after those of `LEAD`, which were looked up last. */
  async function withRows(rows: readonly Row[], store?: Store): Promise<{ store: Store; key: number }> {
    const into = store ?? (await openNew(kind));
    const [project] = await into.admit('default', 1, [admissionOf(`p${projects++}`)]);
    const key = project?.key ?? 0;
    const lead = Array.from({ length: LEAD }, (_, no) => rowOf(no, `lead-${no}`));
    await into.commit(commitOf(key, [...lead, ...rows].map(added)));
    await into.rows(
      key,
      lead.map((row) => row.id),
    );
    return { store: into, key };
  }

  const rowAt = (place: number, more: Partial<Row> = {}): Row => rowOf(LEAD + place, `s-${place}`, more);

  const PENDING: readonly [string, Partial<Row>][] = [
    ['a stale reading', { stale: { updatedAt: 7, figures: FIGURES, sweep: 3, followed: false, before: null } }],
    ['missing', { missingSince: 11 }],
    ['deleted', { deletedAt: 12 }],
  ];

  const OTHERWISE: readonly [string, (shown: Session) => Session][] = [
    ['updated later', (s) => ({ ...s, updatedAt: s.updatedAt + 1 })],
    ['updated earlier', (s) => ({ ...s, updatedAt: s.updatedAt - 1 })],
    ['with no run', (s) => ({ ...s, run: null })],
    ['under another id', (s) => ({ ...s, id: `${s.id}x` })],
    ...(Object.keys(FIGURES) as (keyof Figures)[]).map((field): [string, (shown: Session) => Session] => [
      `with another ${field}`,
      (s) => ({
        ...s,
        run: { figures: { ...FIGURES, [field]: FIGURES[field] === null ? 'x' : null }, errorText: null },
      }),
    ]),
  ];

  describe('sessions that are shown as recorded', () => {
    test('are unchanged, in any order, wherever others are not', async () => {
      const rows = [rowAt(0), rowAt(1, { figures: null }), rowAt(2), rowAt(3)];
      const { store, key } = await withRows(rows);
      const shown = rows.map(shownAs);
      expect(await store.unchanged(key, [...shown].reverse())).toEqual([11, 10, 9, 8]);
    });

    test('are not known to be settled before any page was looked up', async () => {
      const store = await openNew(kind);
      const [project] = await store.admit('default', 1, [admissionOf('p')]);
      await store.commit(commitOf(project?.key ?? 0, [added(rowOf(0, 'a'))]));
      expect(await store.unchanged(project?.key ?? 0, [shownAs(rowOf(0, 'a'))])).toEqual([NEEDS_ROW]);
    });

    test.each(PENDING)('are not settled with %s', async (_, pending) => {
      const rows = [rowAt(0), rowAt(1, pending), rowAt(2)];
      const { store, key } = await withRows(rows);
      expect(await store.unchanged(key, rows.map(shownAs))).toEqual([8, NEEDS_ROW, 10]);
    });
  });

  test.each(OTHERWISE)('a session that is shown %s is not settled', async (_, change) => {
    const rows = [rowAt(0), rowAt(1), rowAt(2)];
    const { store, key } = await withRows(rows);
    const [first, second, third] = rows.map(shownAs) as [Session, Session, Session];
    expect(await store.unchanged(key, [first, change(second), third])).toEqual([8, NEEDS_ROW, 10]);
  });

  test('whatever is recorded and shown: settled means equal, with nothing pending', async () => {
    const count = fc.option(fc.nat({ max: 2 }));
    const figures = fc.record<Figures>({
      durationUs: count,
      isError: fc.option(fc.boolean()),
      errorHash: fc.constantFrom(null, 'aGFzaA'),
      inputTokens: count,
      outputTokens: count,
      turns: count,
    });
    const look = fc.record({ updatedAt: fc.nat({ max: 1 }), figures: fc.option(figures) });
    const pending = fc.constantFrom({}, {}, {}, ...PENDING.map(([, more]) => more));
    const pair = fc.record({ recorded: look, pending, shown: fc.option(look) });
    const one = await openNew(kind);
    await fc.assert(
      fc.asyncProperty(fc.array(pair, { minLength: 2, maxLength: 8 }), async (pairs) => {
        const rows = pairs.map(({ recorded, pending: more }, place) => rowAt(place, { ...recorded, ...more }));
        const { store, key } = await withRows(rows, one);
        const shown = pairs.map((p, place) => shownAs(rowAt(place, p.shown ?? p.recorded)));
        const numbers = await store.unchanged(key, shown);
        const isUnchanged = pairs.map(
          (p) =>
            JSON.stringify(p.shown ?? p.recorded) === JSON.stringify(p.recorded) && Object.keys(p.pending).length === 0,
        );
        expect(numbers).toEqual(isUnchanged.map((unchanged, place) => (unchanged ? LEAD + place : NEEDS_ROW)));
      }),
      { seed: 10, numRuns: Math.ceil(200 * kind.share) },
    );
  });
}
