/** A failover to a standby that lacks commits, and a pooler that mixes up named statements. */
import { describe, expect, test } from 'vitest';
import { LostError } from '../../../src/domain/errors.ts';
import { prepareState } from '../../../src/state/postgres/prepare.ts';
import { bouncerSkipReason, PgBouncer } from '../../support/pgbouncer.ts';
import { skipReason } from '../../support/postgres.ts';
import { serverForTests } from '../../support/server-for-tests.ts';
import { Listener } from '../contract/listener.ts';
import { added, admissionOf, commitOf, rowOf } from '../contract/values.ts';
import { connect, emptyState, openMember } from './support.ts';

describe.skipIf(skipReason() !== null)('beside PostgreSQL', () => {
  const server = serverForTests();

  test.skipIf(bouncerSkipReason() !== null)('a pooler without named statements is told of once', async () => {
    const database = await emptyState(server);
    const bouncer = await PgBouncer.start(server);
    const listener = new Listener();
    try {
      const url = server.url(database, bouncer.port);
      const [one, other] = [await openMember(url, { listener }), await openMember(url, { listener: new Listener() })];
      // Whichever server connection they get, sooner or later it has the name already, or not yet.
      for (let i = 0; i < 20; i++) await Promise.all([one.size(), other.size(), one.restore(), other.restore()]);
      const warnings = listener.logger.at('warn');
      expect(warnings).toMatchObject([{ message: expect.stringContaining('does not keep named statements') }]);
    } finally {
      await bouncer.stop();
    }
  });

  test('a promoted standby is found, and what it lacks is lost', async () => {
    const database = await emptyState(server);
    const standby = await server.standby();
    try {
      const hosts = `127.0.0.1:${standby.port},127.0.0.1:${server.port}`;
      const member = await openMember(`postgresql://postgres@${hosts}/${database}`);
      const [p, q] = await member.admit('default', 1, [admissionOf('p'), admissionOf('q')]);
      for (const key of [p?.key ?? 0, q?.key ?? 0]) await member.commit(commitOf(key, [added(rowOf(0, 'a'))]));
      await expect
        .poll(() => standby.query(database, 'SELECT 1 AS n FROM llamacloud_exporter.session'))
        .toHaveLength(2);
      await standby.halt();
      await member.commit(commitOf(p?.key ?? 0, [added(rowOf(1, 'b'))]));
      await server.halt('SIGQUIT');
      await standby.resume();
      await expect(prepareState(connect(standby.url(database)))).rejects.toThrow('in recovery');
      standby.promote();
      await expect(member.commit(commitOf(p?.key ?? 0, [added(rowOf(2, 'c'))]))).rejects.toThrow(LostError);
      expect(member.replicas.lost).toEqual(['behind']);
      const { projects } = await member.restore();
      expect(projects.map(({ totals }) => totals.nextNo)).toEqual([1, 1]);
    } finally {
      await standby.stop();
      await server.resume();
    }
  });
});
