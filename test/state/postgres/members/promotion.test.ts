/** A real standby that is promoted without the newest commits: only the projects that lost some are renewed. */
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Owned } from '../../../../src/domain/replicas.ts';
import { skipReason } from '../../../support/postgres.ts';
import { serverForTests } from '../../../support/server-for-tests.ts';
import { until } from '../../../support/until.ts';
import { added, commitOf, rowOf } from '../../contract/values.ts';
import { admit } from './group.ts';
import { TestMember } from './test-member.ts';

describe.skipIf(skipReason() !== null)('a promoted standby that lacks commits', () => {
  const primary = serverForTests('wal_level = replica\nmax_wal_senders = 4');

  it('renews the projects that were set back, and no others', async () => {
    const url = await primary.freshDatabase();
    const standby = await primary.standby();
    onTestFinished(() => standby.stop());
    const both = url.replace(`:${primary.port}/`, `:${primary.port},127.0.0.1:${standby.port}/`);
    const a = (await TestMember.open(both, 'a')).start();
    try {
      await admit(a, 2);
      await until('a has both', () => a.held.size === 2);
      const [early, late] = [...a.held.keys()] as [Owned, Owned];
      await a.state.store.commit(commitOf(early, [added(rowOf(0, 's0'))]));
      await a.state.store.commit(commitOf(late, [added(rowOf(0, 's0'))]));
      await until('the standby has them', async () => (await standby.query('test_1', REVISIONS))[0]?.['n'] === 2);
      await standby.query('test_1', `ALTER SYSTEM SET primary_conninfo = ''`);
      await standby.query('test_1', 'SELECT pg_reload_conf()');
      await until('replication ends', async () => (await standby.query('test_1', RECEIVERS)).length === 0);
      await a.state.store.commit(commitOf(late, [added(rowOf(1, 's1'))]));
      await a.state.refresher.refresh();
      const shown = (key: Owned): number =>
        [...a.views.values()].find(({ project }) => project.id === idOf(key))?.totals.counters.runs ?? -1;
      const ids = new Map([...a.held.values()].map(({ key, stored }) => [key, stored.project.id]));
      const idOf = (key: Owned): string => ids.get(key) ?? '';
      expect([shown(early), shown(late)]).toEqual([1, 2]);

      await primary.halt('SIGQUIT');
      await expect(a.state.refresher.refresh()).rejects.toMatchObject({ code: 'state' });
      standby.promote();
      await until('a has lost both', () => a.everLost.length >= 2);
      await until('a has both again', () => a.held.size === 2 && a.state.replicas.isAlive());
      await a.state.refresher.refresh();
      expect([shown(early), shown(late)]).toEqual([1, 0]);
      expect(a.told.renewals).toBe(1);
      await a.state.store.commit(commitOf(early, [added(rowOf(1, 's1'))]));
    } finally {
      await a.stop();
    }
  });
});

const REVISIONS = 'SELECT sum(rev)::int AS n FROM llamacloud_exporter.ledger';
const RECEIVERS = 'SELECT pid FROM pg_stat_wal_receiver';
