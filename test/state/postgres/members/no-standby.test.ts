/** A primary whose synchronous standby has gone: commits wait, and may not be cancelled. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Owned } from '../../../../src/domain/replicas.ts';
import { PostgresServer, skipReason } from '../../../support/postgres.ts';
import { until } from '../../../support/until.ts';
import { added, commitOf, rowOf } from '../../contract/values.ts';
import { admit } from './group.ts';
import { TestMember } from './test-member.ts';
import { QUICK } from './tunings.ts';

const WAITING = `SELECT count(*)::int AS n FROM pg_stat_activity WHERE wait_event = 'SyncRep'`;
const LEASE = 'SELECT (lease_until - llamacloud_exporter.now_us())::int > 0 AS stands FROM llamacloud_exporter.member';

describe.skipIf(skipReason() !== null)('without its synchronous standby', () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await PostgresServer.start('max_wal_senders = 4');
  });
  afterAll(() => server?.stop());

  async function standbys(names: string): Promise<void> {
    server.configure(`synchronous_standby_names = '${names}'`);
    await server.query('postgres', 'SELECT pg_reload_conf()');
  }

  it('a member keeps its lease and its project, and the commit is done when the standby is back', async () => {
    const url = await server.freshDatabase();
    const a = (await TestMember.open(url, 'a', { tuning: QUICK })).start();
    try {
      await admit(a, 1);
      await until('a has it', () => a.held.size === 1);
      const [key] = [...a.held.keys()] as [Owned];
      await standbys('ANY 1 (*)');
      await sleep(100);
      const commit = a.state.store.commit(commitOf(key, [added(rowOf(0, 's0'))]));
      await until('the commit waits', async () => (await server.query('test_1', WAITING))[0]?.['n'] === 1);
      await sleep(1_500);
      expect(a.state.replicas.isAlive()).toBe(true);
      expect(await server.query('test_1', LEASE)).toEqual([{ stands: true }]);
      expect(await server.query('test_1', WAITING)).toEqual([{ n: 1 }]);
      await standbys('');
      await commit;
      expect(a.everLost).toEqual([]);
    } finally {
      await standbys('');
      await a.stop();
    }
  });
});
