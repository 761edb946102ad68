/** Of two records of a project's statistics the later one counts, even if both have the same number of polls. */
import { expect, test } from 'vitest';
import { NO_CURSORS } from '../../../src/domain/store.ts';
import { sealCursors, sealStats } from '../../../src/state/format/sealed.ts';
import { sealOutside } from '../../../src/state/postgres/outside.ts';
import { type StoredColumns, toStored } from '../../../src/state/postgres/projects.ts';
import { statsOf, totalsOf } from '../contract/values.ts';

test('what was shown within a poll is not taken back', () => {
  const saved = statsOf(7);
  const shown = { ...saved, invalid: { ...saved.invalid, session_id: saved.invalid.session_id + 1 } };
  const totals = sealOutside(totalsOf(1));
  const cursors = sealCursors(NO_CURSORS);
  const stats = sealStats(saved);
  const columns = (text: string | null): StoredColumns => [
    ...([1, 'p', 'P', 'o', 'default', false, null, 0, 0, null] as const),
    ...([totals.text, totals.checksum, cursors.text, null, cursors.checksum, stats.text, stats.checksum] as const),
    text,
  ];
  expect(toStored(columns(JSON.stringify(shown)), 'here').stats?.invalid.session_id).toBe(5);
  expect(toStored(columns(JSON.stringify(statsOf(6))), 'here').stats).toEqual(saved);
});
