/** A state that grows from nothing: statements that were planned for an empty table are planned anew. */
import { describe, expect, test } from 'vitest';
import { skipReason } from '../../support/postgres.ts';
import { serverForTests } from '../../support/server-for-tests.ts';
import { added, admissionOf, commitOf, rowOf } from '../contract/values.ts';
import { freshMember } from './support.ts';

const SCANS = `SELECT seq_tup_read::int AS n FROM pg_stat_user_tables WHERE relname = 'session'`;
const PAGE = 100;

describe.skipIf(skipReason() !== null)('a growing table', () => {
  const server = serverForTests('autovacuum = off');

  test('is read by index, and not as a whole for each page', async () => {
    const member = await freshMember(server);
    const [project] = await member.admit('default', 1, [admissionOf('p')]);
    const key = project?.key ?? 0;
    for (let no = 0; no < 12_000; no += 1_000) {
      for (let from = 0; from < 1_000; from += PAGE) {
        const ids = Array.from({ length: PAGE }, (_, i) => `s${no + from + i}`);
        expect((await member.rows(key, ids)).get(ids[0] ?? '')).toBeUndefined();
      }
      const rows = Array.from({ length: 1_000 }, (_, i) => added(rowOf(no + i, `s${no + i}`)));
      await member.commit(commitOf(key, rows));
    }
    await member.close();
    const readAsAWhole = async (): Promise<number> => Number((await server.query('test_1', SCANS))[0]?.['n']);
    const [known] = await server.query('test_1', `SELECT reltuples::int AS n FROM pg_class WHERE relname = 'session'`);
    expect(Number(known?.['n'])).toBeGreaterThanOrEqual(5_000);
    // 120 pages of a table that held 6,000 rows on average would be 720,000.
    await expect.poll(readAsAWhole).toBeLessThan(50_000);
  });
});
