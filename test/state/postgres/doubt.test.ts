/** Commits in doubt: the connection broke, and only the row says whether the commit was carried out. */
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { LostError } from '../../../src/domain/errors.ts';
import { NO_CURSORS } from '../../../src/domain/store.ts';
import { statement } from '../../../src/state/postgres/connection.ts';
import { Cutter } from '../../support/cutter.ts';
import { skipReason } from '../../support/postgres.ts';
import { serverForTests } from '../../support/server-for-tests.ts';
import { foundRows } from '../contract/kind.ts';
import { added, admissionOf, changed, commitOf, NOW, rowOf, statsOf, totalsOf } from '../contract/values.ts';
import { emptyState, type Member, type Opening, openMember } from './support.ts';

const COMMIT = 'llamacloud_commit_';
const PURGE = 'llamacloud_purge_';
const PID = statement('t_pid', 'SELECT pg_backend_pid()');

describe.skipIf(skipReason() !== null)('a commit in doubt', () => {
  const server = serverForTests();
  let cutter: Cutter;
  let database: string;

  beforeEach(async () => {
    database = await emptyState(server);
    cutter = await Cutter.start(server.port);
    onTestFinished(() => cutter.stop());
  });

  /** A member behind the proxy, with a project of two sessions. */
  async function withProject(opening: Opening = {}): Promise<{ member: Member; key: number }> {
    const member = await openMember(server.url(database, cutter.port), opening);
    const [project] = await member.admit('default', 1, [admissionOf('p')]);
    const key = project?.key ?? 0;
    await member.commit(commitOf(key, [added(rowOf(0, 'a')), added(rowOf(1, 'b'))]));
    return { member, key };
  }

  async function stored(member: Member, key: number): Promise<unknown> {
    const found = await foundRows(member, key, ['a', 'b', 'c']);
    const { totals } = (await member.restore()).projects[0] ?? {};
    return { ids: [...found.keys()], runs: totals?.counters.runs };
  }

  const third = (key: number) => commitOf(key, [added(rowOf(2, 'c'))]);

  test('that never reached the server is sent again', async () => {
    const { member, key } = await withProject();
    cutter.arm('lose the question', COMMIT);
    await member.commit(third(key));
    expect([cutter.cuts, member.replicas.doubts]).toEqual([1, 1]);
    expect(await stored(member, key)).toEqual({ ids: ['a', 'b', 'c'], runs: 3 });
    await member.commit(commitOf(key, [changed(rowOf(2, 'c', { updatedAt: 9 }))]));
  });

  test('that was carried out is not carried out again', async () => {
    const { member, key } = await withProject();
    cutter.arm('lose the answer', COMMIT);
    const minutes = new Map([[NOW / 60e6, 5]]);
    await member.commit({ ...third(key), minutes });
    expect([cutter.cuts, member.replicas.doubts]).toEqual([1, 1]);
    expect(await stored(member, key)).toEqual({ ids: ['a', 'b', 'c'], runs: 3 });
    expect(await member.activity(key, NOW)).toEqual({ m5: 5, h1: 5, h24: 5 });
    await member.commit(commitOf(key, [changed(rowOf(2, 'c', { updatedAt: 9 }))]));
  });

  test('that arrives after it was sent again changes nothing more', async () => {
    const { member, key } = await withProject();
    cutter.arm('deliver late', COMMIT);
    await member.commit({ ...third(key), indexes: new Map([['i', 1]]) });
    cutter.release();
    await member.commit(commitOf(key, [changed(rowOf(0, 'a', { updatedAt: 9 }))], { totals: totalsOf(3) }));
    expect(await stored(member, key)).toEqual({ ids: ['a', 'b', 'c'], runs: 3 });
    expect(await member.indexCounts(key, 9)).toEqual([['i', 1]]);
    expect(member.replicas.lost).toEqual([]);
  });

  test('does not apply to what is shown: an older one that arrives late is left out', async () => {
    const { member, key } = await withProject();
    const shown = (polls: number) => member.saveShown(new Map([[key, { polls: statsOf(polls) }]]));
    const [late] = await member.connections.work.read<readonly [pid: number]>(PID);
    cutter.arm('deliver late', 'llamacloud_save_shown_');
    await expect(shown(5)).rejects.toMatchObject({ code: 'state' });
    await shown(6);
    cutter.release();
    const backend = () => server.query(database, `SELECT pid FROM pg_stat_activity WHERE pid = ${late?.[0]}`);
    await expect.poll(backend, { interval: 20 }).toEqual([]);
    expect((await member.restore()).projects[0]?.stats).toEqual(statsOf(6));
    await shown(7);
    expect((await member.restore()).projects[0]?.stats).toEqual(statsOf(7));
  });

  test('is lost when another member has claimed the project meanwhile', async () => {
    const { member, key } = await withProject();
    const other = await openMember(server.url(database));
    cutter.arm('lose the question', COMMIT);
    const commit = member.commit(third(key));
    await expect(commit).rejects.toThrow(LostError);
    expect(member.replicas.lost).toEqual(['owner']);
    expect(member.owned.get(key)).toBeUndefined();
    expect(await stored(other, key)).toEqual({ ids: ['a', 'b'], runs: 2 });
    await other.commit(third(key));
  });

  test('is given up when the lease ends before the database answers', async () => {
    let isAlive = true;
    const { member, key } = await withProject({ isAlive: () => isAlive });
    cutter.arm('lose the question', COMMIT);
    const commit = member.commit(third(key));
    commit.catch(() => {});
    await expect.poll(() => cutter.cuts, { interval: 5 }).toBe(1);
    cutter.setDown(true);
    isAlive = false;
    await expect(commit).rejects.toThrow('lease');
    expect(member.replicas.lost).toEqual(['deadline']);
  });

  test('holds back all that is written of the project', async () => {
    const { member, key } = await withProject();
    const order: string[] = [];
    cutter.arm('lose the question', COMMIT);
    const commit = member.commit(third(key)).then(() => order.push('commit'));
    const saved = member
      .saveProgress(new Map([[key, { cursors: { ...NO_CURSORS, watermark: 7 }, stats: statsOf(1) }]]))
      .then(() => order.push('progress'));
    const purged = member.purgeTombstones(key, NOW, NOW).then(() => order.push('purge'));
    await Promise.all([commit, saved, purged]);
    expect(order).toEqual(['commit', 'progress', 'purge']);
    expect((await member.restore()).projects[0]?.cursors.watermark).toBe(7);
  });

  test('that removes tombstones takes them off the totals once', async () => {
    const { member, key } = await withProject();
    const gone = changed(rowOf(1, 'b', { deletedAt: 5 }));
    await member.commit(commitOf(key, [gone], { totals: totalsOf(2, { tombstones: 1 }) }));
    cutter.arm('lose the answer', PURGE);
    expect(await member.purgeTombstones(key, 6, NOW)).toEqual({ more: false, removed: 1 });
    expect(member.replicas.doubts).toBe(1);
    expect((await member.restore()).projects[0]?.totals.tombstones).toBe(0);
    expect((await member.size()).deleted).toBe(0);
  });

  test('leaves failures before anything was sent as what they are: nothing was changed', async () => {
    const { member, key } = await withProject();
    cutter.setDown(true);
    // The first may have been on its way when the connection broke; from then on there is none.
    await expect(
      member.saveProgress(new Map([[key, { cursors: NO_CURSORS, stats: statsOf(1) }]])),
    ).rejects.toMatchObject({ code: 'state' });
    await expect(member.commit(third(key))).rejects.toMatchObject({ code: 'state', changedNothing: true });
    cutter.setDown(false);
    await member.commit(third(key));
    expect(await stored(member, key)).toEqual({ ids: ['a', 'b', 'c'], runs: 3 });
    expect(member.replicas.lost).toEqual([]);
  });
});
