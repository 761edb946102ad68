/** Two members and one project: only the one that claimed it last may write. */
import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { LostError } from '../../../src/domain/errors.ts';
import { NO_CURSORS, type Progress } from '../../../src/domain/store.ts';
import { skipReason } from '../../support/postgres.ts';
import { serverForTests } from '../../support/server-for-tests.ts';
import { added, admissionOf, changed, commitOf, NOW, projectOf, rowOf, statsOf, totalsOf } from '../contract/values.ts';
import { emptyState, type Member, openMember } from './support.ts';

const LEDGER = 'llamacloud_exporter.ledger';

describe.skipIf(skipReason() !== null)('a project that another member has claimed', () => {
  const server = serverForTests();
  let database: string;
  let old: Member;
  let owner: Member;
  let key: number;

  beforeEach(async () => {
    database = await emptyState(server);
    old = await openMember(server.url(database));
    const [project] = await old.admit('default', 1, [admissionOf('p')]);
    key = project?.key ?? 0;
    await old.commit(commitOf(key, [added(rowOf(0, 'a'))]));
    owner = await openMember(server.url(database));
  });

  const second = () => commitOf(key, [added(rowOf(1, 'b'))]);
  const progress = (watermark: number): ReadonlyMap<number, Progress> =>
    new Map([[key, { cursors: { ...NO_CURSORS, watermark }, stats: statsOf(watermark) }]]);

  test('is lost to the old one with its next commit', async () => {
    await expect(old.commit(second())).rejects.toThrow(LostError);
    expect(old.replicas.lost).toEqual(['owner']);
    expect([...old.owned.takeLost()]).toEqual([[key, 'owner']]);
    await owner.commit(second());
    expect((await owner.restore()).projects[0]?.totals.counters.runs).toBe(2);
  });

  test('is not committed to again by who has lost it', async () => {
    await expect(old.commit(second())).rejects.toThrow(LostError);
    await expect(old.commit(second())).rejects.toThrow('has not claimed it');
    await expect(old.purgeTombstones(key, NOW, NOW)).rejects.toThrow(LostError);
    expect(old.replicas.lost).toEqual(['owner']);
  });

  test('keeps the cursors, statistics and figures of its owner', async () => {
    await owner.saveProgress(progress(5));
    await owner.saveShown(new Map([[key, { polls: statsOf(9) }]]));
    await old.saveProgress(progress(4));
    await old.saveShown(new Map([[key, { polls: statsOf(99) }]]));
    const [stored] = (await owner.restore()).projects;
    expect(stored?.cursors.watermark).toBe(5);
    expect(stored?.stats).toEqual(statsOf(9));
  });

  test('has the statistics that know of more polls', async () => {
    await owner.saveShown(new Map([[key, { polls: statsOf(3) }]]));
    await owner.saveProgress(progress(4));
    expect((await owner.restore()).projects[0]?.stats).toEqual(statsOf(4));
  });

  test('is lost as behind where the database lacks a commit', async () => {
    const before = await server.query(database, `SELECT commit_id, value, checksum, next_no FROM ${LEDGER}`);
    await owner.commit(second());
    const [row] = before;
    await server.query(database, 'DELETE FROM llamacloud_exporter.session WHERE no = 1');
    await server.query(
      database,
      `UPDATE ${LEDGER} SET commit_id = $1, value = $2, checksum = $3, next_no = $4`,
      Object.values(row ?? {}),
    );
    await expect(owner.commit(commitOf(key, [added(rowOf(2, 'c'))]))).rejects.toThrow('lacks its last commit');
    expect(owner.replicas.lost).toEqual(['behind']);
  });

  test('is not committed to on another timeline', async () => {
    await server.query(database, `UPDATE llamacloud_exporter.meta SET timeline = '00000009'`);
    onTestFinished(async () => {
      await server.query(database, 'UPDATE llamacloud_exporter.meta SET timeline = llamacloud_exporter.timeline()');
    });
    await expect(owner.commit(second())).rejects.toThrow(LostError);
    await expect(owner.admit('default', 2, [admissionOf('q')])).rejects.toThrow(LostError);
    expect(owner.replicas.lost).toEqual(['behind']);
    expect((await owner.restore()).projects[0]?.totals.nextNo).toBe(1);
  });

  test('gets its fence raised where it leaves or moves to another account, and not where it is renamed', async () => {
    const fence = async (): Promise<unknown> =>
      (await server.query(database, `SELECT owner IS NULL AS free, fence FROM ${LEDGER}`))[0];
    await owner.admit('default', 2, [admissionOf('p', { project: projectOf('p', { name: 'new' }), absences: 1 })]);
    await owner.commit(second());
    const { fence: known } = (await fence()) as { fence: string };
    const moved = admissionOf('p', { project: projectOf('p', { account: 'other' }) });
    await server.query(database, `UPDATE llamacloud_exporter.census SET member = $1`, [randomUUID()]);
    await expect(owner.admit('other', 3, [moved])).rejects.toThrow(LostError);
    const third = await openMember(server.url(database));
    await third.admit('other', 3, [moved]);
    expect(Number(((await fence()) as { fence: string }).fence)).toBeGreaterThan(Number(known) + 1);
    await expect(owner.commit(commitOf(key, [changed(rowOf(0, 'a'))]))).rejects.toThrow(LostError);
    await expect(owner.purgeDeparted(NOW)).rejects.toThrow(LostError);
  });

  test('counts a racing commit once: either it came before the claim, or it is lost', async () => {
    let runs = 2;
    await owner.commit(second());
    let [from, to] = [owner, old];
    for (let round = 0; round < 10; round++) {
      const next = commitOf(key, [added(rowOf(runs, `r${runs}`))], { totals: totalsOf(runs + 1) });
      const [commit] = await Promise.allSettled([from.commit(next), to.claim()]);
      const { projects } = await to.restore();
      const expected = runs + (commit.status === 'fulfilled' ? 1 : 0);
      expect(projects[0]?.totals.counters.runs).toBe(expected);
      runs = expected;
      from.owned.delete(key);
      [from, to] = [to, from];
      await from.commit(commitOf(key, [], { totals: totalsOf(runs) })).catch(async () => {
        await server.query(database, `UPDATE ${LEDGER} SET owner = NULL`);
        await from.claim();
      });
    }
    const [sessions] = await server.query(database, 'SELECT count(*)::int AS n FROM llamacloud_exporter.session');
    expect(sessions).toEqual({ n: runs });
  });
});
