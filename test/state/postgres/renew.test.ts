/** A renewal sets every counter to 0 and keeps the recorded sessions as the baseline. */
import { describe, expect, test } from 'vitest';
import { NO_CURSORS } from '../../../src/domain/store.ts';
import { databaseOf, skipReason } from '../../support/postgres.ts';
import { serverForTests } from '../../support/server-for-tests.ts';
import {
  added,
  admissionOf,
  commitOf,
  rowOf,
  totalsOf,
  VERIFIED,
  waitingFor,
  ZERO_TOTALS,
} from '../contract/values.ts';
import { emptyState, openMember, renew } from './support.ts';

/** A state with one project, three runs and a member that thinks it owns it. */
async function threeRuns(url: string) {
  const member = await openMember(url);
  const [stored] = await member.admit('default', 1, [admissionOf('p')]);
  const key = stored?.key ?? -1;
  const rows = [rowOf(0, 'a', { history: VERIFIED }), rowOf(1, 'b', { history: waitingFor(9) }), rowOf(2, 'c')];
  await member.commit(commitOf(key, rows.map(added), { cursors: { ...NO_CURSORS, watermark: 7 } }));
  return { member, key };
}

describe.skipIf(skipReason() !== null)('a renewal of everything', () => {
  const server = serverForTests();

  test('starts counters at 0 and keeps what is recorded as the baseline', async () => {
    const url = server.url(await emptyState(server));
    const { member, key } = await threeRuns(url);
    const before = Date.now() * 1000;
    expect(await renew(url)).toBe(1);
    const [project] = (await member.restore()).projects;
    expect(project?.totals).toEqual({ ...ZERO_TOTALS, gauges: totalsOf(3).gauges, nextNo: 3 });
    expect(project?.epoch).toBeGreaterThanOrEqual(before);
    expect(project?.cursors.watermark).toBe(project?.epoch);
    const rows = await member.rows(key, ['a', 'b', 'c']);
    expect(['a', 'b', 'c'].map((id) => rows.get(id)?.no)).toEqual([0, 1, 2]);
    expect(await member.nextDue(key)).toBeNull();
  });

  test('leaves a process that was away nothing to commit', async () => {
    const url = server.url(await emptyState(server));
    const { member, key } = await threeRuns(url);
    await renew(url);
    await expect(member.commit(commitOf(key, [added(rowOf(3, 'd'))]))).rejects.toThrow('claimed');
    expect((await member.restore()).projects[0]?.totals.counters.runs).toBe(0);
  });

  test('refuses a database without a state, and makes none', async () => {
    const url = await server.freshDatabase();
    await expect(renew(url)).rejects.toMatchObject({ code: 'startup', message: expect.stringMatching(/no state/) });
    const sql = `SELECT to_regnamespace('llamacloud_exporter') IS NULL AS "isEmpty"`;
    expect(await server.query(databaseOf(url), sql)).toEqual([{ isEmpty: true }]);
  });
});
