/** How long a statement may take before it counts as in doubt. */
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { Connection, patient, StatementNames, statement } from '../../../src/state/postgres/connection.ts';
import type { Timeouts } from '../../../src/state/postgres/dial.ts';
import { renewProject } from '../../../src/state/postgres/failover/renew-project.ts';
import { clientOf } from '../../../src/state/postgres/members/database.ts';
import { parsePostgresUrl } from '../../../src/state/postgres/url.ts';
import { RecordingLogger } from '../../fakes/recording-logger.ts';
import { PostgresServer, skipReason } from '../../support/postgres.ts';
import { added, admissionOf, commitOf, rowOf, VERIFIED, ZERO_TOTALS } from '../contract/values.ts';
import { emptyState, openMember } from './support.ts';

const SLEEP = statement('t_sleep', 'SELECT 1 AS n FROM pg_sleep(0.3)');

/** Whatever changes a session takes 0.9 s. */
const SLOW = `CREATE OR REPLACE FUNCTION public.slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(0.9); RETURN NEW; END $$;
  CREATE TRIGGER slow BEFORE UPDATE ON llamacloud_exporter.session FOR EACH ROW EXECUTE FUNCTION public.slow()`;

describe.skipIf(skipReason() !== null)('a connection', () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await PostgresServer.start();
  });
  afterAll(() => server?.stop());

  function open(database: string, timeouts: Timeouts): Connection {
    const settings = { url: parsePostgresUrl(server.url(database)), password: () => null, applicationName: 'test' };
    const connection = new Connection({ settings, timeouts, names: new StatementNames(new RecordingLogger()) });
    onTestFinished(() => connection.close());
    return connection;
  }

  test('gives a statement up, unless that may take longer', async () => {
    const connection = open('postgres', { connectMs: 2_000, queryMs: 50 });
    await expect(connection.query(SLEEP)).rejects.toThrow('does not answer in time');
    expect(await connection.query(patient(SLEEP, 5_000))).toEqual([[1]]);
    await expect(connection.query(SLEEP)).rejects.toThrow('does not answer in time');
  });

  test('waits longer after each that it gave up, until one is answered', async () => {
    const connection = open('postgres', { connectMs: 2_000, queryMs: 40, longestMs: 10_000 });
    await expect(connection.query(SLEEP)).rejects.toThrow('does not answer in time');
    let tries = 1;
    for (let rows: unknown = null; rows === null && tries < 30; tries++) {
      rows = await connection.query(SLEEP).catch(() => null);
    }
    expect(tries).toBeLessThan(30);
    await expect(connection.query(SLEEP)).rejects.toThrow('does not answer in time');
  });

  test('renews a project that has more sessions than others are waited for', async () => {
    const database = await emptyState(server);
    const member = await openMember(server.url(database));
    const [project] = await member.admit('default', 1, [admissionOf('p')]);
    const key = project?.key ?? 0;
    await member.commit(commitOf(key, [added(rowOf(0, 'a', { fillable: 1, history: VERIFIED }))]));
    await server.query(database, SLOW);
    const client = clientOf(open(database, { connectMs: 2_000, queryMs: 500 }));
    expect(await renewProject(client, key, 1, () => ZERO_TOTALS)).toBe(true);
  });
});
