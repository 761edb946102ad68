import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { NO_CURSORS } from '../../../src/domain/store.ts';
import { renewAll } from '../../../src/state/postgres/renew-all.ts';
import { parsePostgresUrl } from '../../../src/state/postgres/url.ts';
import { PostgresServer, skipReason } from '../../support/postgres.ts';
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
import { openMember } from './support.ts';

let server: PostgresServer;

const settings = (url: string) => ({ url: parsePostgresUrl(url), password: () => null, applicationName: 'test' });
const renew = (url: string, keep = false): Promise<number> =>
  renewAll(settings(url), { keep, zeroTotals: () => ZERO_TOTALS });
const databaseOf = (url: string): string => url.slice(url.lastIndexOf('/') + 1);

/** A state with one project, three runs and a member that thinks it owns it. */
async function threeRuns(url: string) {
  const member = await openMember(url);
  const [stored] = await member.admit('default', 1, [admissionOf('p')]);
  const key = stored?.key ?? -1;
  const rows = [rowOf(0, 'a', { history: VERIFIED }), rowOf(1, 'b', { history: waitingFor(9) }), rowOf(2, 'c')];
  await member.commit(commitOf(key, rows.map(added), { cursors: { ...NO_CURSORS, watermark: 7 } }));
  return { member, key };
}

async function meta(url: string): Promise<Record<string, unknown> | undefined> {
  const sql = 'SELECT generation::int, system_identifier AS system FROM llamacloud_exporter.meta';
  return (await server.query(databaseOf(url), sql))[0];
}

describe.skipIf(skipReason() !== null)('renewing a whole state', () => {
  beforeAll(async () => {
    server = await PostgresServer.start();
  });
  afterAll(() => server?.stop());

  test('starts counters at 0 and keeps what is recorded as the baseline', async () => {
    const url = server.url(await server.emptyDatabase());
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
    expect(await meta(url)).toMatchObject({ generation: 2 });
  });

  test('leaves a process that was away nothing to commit', async () => {
    const url = server.url(await server.emptyDatabase());
    const { member, key } = await threeRuns(url);
    await renew(url);
    await expect(member.commit(commitOf(key, [added(rowOf(3, 'd'))]))).rejects.toThrow();
    expect((await member.restore()).projects[0]?.totals.counters.runs).toBe(0);
  });

  test('takes over another cluster, with counters or without', async () => {
    for (const keep of [true, false]) {
      const url = server.url(await server.emptyDatabase());
      const { member } = await threeRuns(url);
      const { system } = (await meta(url)) ?? {};
      await server.query(
        databaseOf(url),
        `UPDATE llamacloud_exporter.meta SET system_identifier = '42', timeline = 'F'`,
      );
      expect(await renew(url, keep)).toBe(keep ? 0 : 1);
      expect(await meta(url)).toEqual({ system, generation: keep ? 1 : 2 });
      expect((await member.restore()).projects[0]?.totals.counters.runs).toBe(keep ? 3 : 0);
      await openMember(url);
    }
  });

  test('refuses while a replica is running', async () => {
    const url = server.url(await server.emptyDatabase());
    const { member } = await threeRuns(url);
    const now = 'llamacloud_exporter.now_us()';
    await server.query(
      databaseOf(url),
      `INSERT INTO llamacloud_exporter.member SELECT gen_random_uuid(), 'pod-1', '1', 'r', ${now}, ${now}, ${now} + 9000000`,
    );
    await expect(renew(url)).rejects.toThrow(/Replicas are running on .*: pod-1/);
    await expect(renew(url, true)).rejects.toThrow(/pod-1/);
    expect((await member.restore()).projects[0]?.totals.counters.runs).toBe(3);
    await server.query(databaseOf(url), `UPDATE llamacloud_exporter.member SET lease_until = ${now} - 1`);
    expect(await renew(url)).toBe(1);
  });

  test('refuses a database without a state, and makes none', async () => {
    const url = server.url(await server.emptyDatabase());
    await expect(renew(url)).rejects.toMatchObject({ code: 'startup', message: expect.stringMatching(/no state/) });
    const sql = `SELECT to_regnamespace('llamacloud_exporter') IS NULL AS "isEmpty"`;
    expect(await server.query(databaseOf(url), sql)).toEqual([{ isEmpty: true }]);
  });
});
