/** `check` against real databases: each fault is found, and the SQL it proposes repairs it. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { StateCheck, StateFinding } from '../../../src/domain/state-check.ts';
import { connections } from '../../../src/state/postgres/connection.ts';
import { inspectState } from '../../../src/state/postgres/inspect/inspect.ts';
import { prepareState } from '../../../src/state/postgres/prepare.ts';
import { parsePostgresUrl } from '../../../src/state/postgres/url.ts';
import { bouncerSkipReason, PgBouncer } from '../../support/pgbouncer.ts';
import { databaseOf, skipReason } from '../../support/postgres.ts';
import { serverForTests } from '../../support/server-for-tests.ts';
import { Listener } from '../contract/listener.ts';

const settings = (url: string) => ({ url: parsePostgresUrl(url), password: () => null, applicationName: 'test' });
const inspect = (url: string): Promise<StateCheck> => inspectState(settings(url), 'rules-1');
const failed = ({ findings }: StateCheck): readonly StateFinding[] => findings.filter((f) => f.verdict === 'failed');
const finding = ({ findings }: StateCheck, what: string): StateFinding | undefined =>
  findings.find((each) => each.what === what);

async function makeState(url: string): Promise<void> {
  const three = connections(settings(url), new Listener().logger);
  await prepareState(three);
  await Promise.all([three.lease, three.work, three.read].map((connection) => connection.close()));
}

/** The same database as another role. */
const as = (role: string, url: string): string => url.replace('//postgres@', `//${role}@`);

describe.skipIf(skipReason() !== null)('check against PostgreSQL', () => {
  const server = serverForTests();
  beforeAll(async () => {
    for (const role of ['plain', '"Mixed Case"']) await server.query('postgres', `CREATE ROLE ${role} LOGIN`);
  });

  test('finds nothing wrong with a new database', async () => {
    const check = await inspect(await server.freshDatabase());
    expect(check.findings.filter(({ verdict }) => verdict !== 'ok')).toEqual([]);
    expect(finding(check, 'rights')?.found).toBe('may create the schema');
    expect(finding(check, 'state')?.found).toBe('none yet: the first start makes it');
    expect(check.location).not.toContain('postgres@');
  });

  test('writes nothing', async () => {
    const url = await server.freshDatabase();
    await inspect(url);
    const sql = `SELECT to_regnamespace('llamacloud_exporter') IS NULL AS "isEmpty"`;
    expect(await server.query(databaseOf(url), sql)).toEqual([{ isEmpty: true }]);
  });

  test.each(['plain', 'Mixed Case'])('names the SQL that lets the role %s make the schema', async (role) => {
    const url = await server.freshDatabase();
    const other = as(encodeURIComponent(role), url);
    const [wrong, ...more] = failed(await inspect(other));
    expect({ what: wrong?.what, more }).toEqual({ what: 'rights', more: [] });
    const [grant = '', schema = ''] = (wrong?.fix ?? '').split(' or ');
    await server.query(databaseOf(url), role === 'plain' ? grant.replace(';', '') : schema);
    expect(failed(await inspect(other))).toEqual([]);
    await makeState(other);
    expect(failed(await inspect(other))).toEqual([]);
  });

  test('says that the next start upgrades a state of an earlier version', async () => {
    const url = await server.freshDatabase();
    await makeState(url);
    await server.query(databaseOf(url), 'UPDATE llamacloud_exporter.meta SET version = 1');
    const check = await inspect(url);
    expect(failed(check)).toEqual([]);
    expect(finding(check, 'schema')?.found).toBe('version 1: the next start brings it to 2');
  });

  test('names the SQL that hands over a state of another role', async () => {
    const url = await server.freshDatabase();
    await makeState(url);
    const other = as('plain', url);
    const [wrong] = failed(await inspect(other));
    expect(wrong?.found).toBe('tables belong to another role');
    await server.query(databaseOf(url), wrong?.fix ?? '');
    const check = await inspect(other);
    expect(failed(check)).toEqual([]);
    expect(finding(check, 'schema')?.found).toBe('version 2');
    expect(finding(check, 'written by')?.found).toBe('this cluster');
  });

  test('names the SQL for settings of the role under which runs could be lost', async () => {
    const url = await server.freshDatabase();
    const role = 'careless';
    await server.query('postgres', `CREATE ROLE ${role} LOGIN`);
    await server.query(databaseOf(url), `CREATE SCHEMA llamacloud_exporter AUTHORIZATION ${role}`);
    await server.query('postgres', `ALTER ROLE ${role} SET synchronous_commit = off`);
    await server.query('postgres', `ALTER ROLE ${role} SET default_transaction_isolation = 'serializable'`);
    const wrong = failed(await inspect(as(role, url)));
    expect(wrong.map(({ what }) => what)).toEqual(['isolation', 'synchronous commit']);
    for (const { fix } of wrong) await server.query('postgres', fix.replace(/^.*: |(?<=')\.$|\.$/g, ''));
    expect(failed(await inspect(as(role, url)))).toEqual([]);
  });

  test('says that another cluster wrote the state', async () => {
    const url = await server.freshDatabase();
    await makeState(url);
    await server.query(databaseOf(url), `UPDATE llamacloud_exporter.meta SET system_identifier = '42'`);
    expect(failed(await inspect(url))).toMatchObject([
      { what: 'written by', fix: expect.stringMatching(/state renew/) },
    ]);
  });

  test('names the replicas, and that they run with another configuration', async () => {
    const url = await server.freshDatabase();
    await makeState(url);
    const database = databaseOf(url);
    const now = 'llamacloud_exporter.now_us()';
    await server.query(
      database,
      `INSERT INTO llamacloud_exporter.member SELECT gen_random_uuid(), name, '1', 'r', ${now}, ${now}, ${now} + ms * 1000
       FROM (VALUES ('alive', 9000), ('dead', -1)) AS v(name, ms)`,
    );
    expect(finding(await inspect(url), 'replicas')).toMatchObject({ found: '1 running: alive', verdict: 'ok' });
    await server.query(database, `UPDATE llamacloud_exporter.meta SET rules = 'rules-2'`);
    expect(finding(await inspect(url), 'replicas')?.verdict).toBe('note');
  });

  test('says that there is no room for another replica', async () => {
    const url = await server.freshDatabase();
    await server.query('postgres', `ALTER DATABASE ${databaseOf(url)} CONNECTION LIMIT 2`);
    expect(failed(await inspect(url)).map(({ what }) => what)).toEqual(['connections']);
  });

  test('says why there is no connection', async () => {
    const refusals = [
      [server.url('postgres', 1), /nothing listens there/],
      [server.url('absent'), /has no such database/],
      [as('absent', server.url('postgres')), /./],
    ] as const;
    for (const [url, reason] of refusals) {
      const [only, ...more] = (await inspect(url)).findings;
      expect(more).toEqual([]);
      expect(only).toMatchObject({ what: 'connection', verdict: 'failed', fix: expect.stringMatching(reason) });
    }
  });

  describe.skipIf(bouncerSkipReason() !== null)('behind a pooler', () => {
    let bouncer: PgBouncer;
    beforeAll(async () => {
      bouncer = await PgBouncer.start(server);
    });
    afterAll(() => bouncer?.stop());

    test('says that there is one', async () => {
      const url = await server.freshDatabase();
      const check = await inspect(url.replace(`:${server.port}/`, `:${bouncer.port}/`));
      expect(failed(check)).toEqual([]);
      expect(finding(check, 'pooler')).toMatchObject({ found: 'yes', verdict: 'note' });
      expect(finding(await inspect(url), 'pooler')?.found).toBe('none');
    });
  });
});
