/** What a database must be before a state is kept in it, and what is said where it is not. */
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { Connections } from '../../../src/state/postgres/connection.ts';
import { prepareState } from '../../../src/state/postgres/prepare.ts';
import { databaseOf, skipReason } from '../../support/postgres.ts';
import { freePort } from '../../support/process.ts';
import { serverForTests } from '../../support/server-for-tests.ts';
import { connect } from './support.ts';

/** Roles with a password, and roles that own nothing. */
const ROLES = `
CREATE ROLE locked LOGIN PASSWORD 'right';
CREATE ROLE plain LOGIN;
CREATE ROLE granted LOGIN;
CREATE ROLE careless LOGIN SUPERUSER; ALTER ROLE careless SET synchronous_commit = off;
CREATE ROLE strict LOGIN SUPERUSER; ALTER ROLE strict SET default_transaction_isolation = 'serializable';
CREATE ROLE reader LOGIN SUPERUSER; ALTER ROLE reader SET default_transaction_read_only = on;
`;

describe.skipIf(skipReason() !== null)('a state on PostgreSQL', () => {
  const server = serverForTests('', 'host all locked 127.0.0.1/32 scram-sha-256');
  beforeAll(async () => void (await server.query('postgres', ROLES)));

  function open(url: string, password: () => string | null = () => null): Connections {
    const three = connect(url, undefined, password);
    onTestFinished(async () => {
      for (const connection of Object.values(three)) await connection.close();
    });
    return three;
  }

  const prepare = (url: string, password?: () => string | null): Promise<{ isNew: boolean }> =>
    prepareState(open(url, password));
  const as = (role: string, database = 'postgres'): string =>
    `postgresql://${role}@127.0.0.1:${server.port}/${database}`;

  test('is made once by members that start together', async () => {
    const url = await server.freshDatabase();
    const made = await Promise.all([1, 2, 3, 4].map(() => prepare(url)));
    expect(made.filter(({ isNew }) => isNew)).toHaveLength(1);
    expect(await prepare(url)).toEqual({ isNew: false });
    const count = (table: string) =>
      server.query(databaseOf(url), `SELECT count(*)::int AS n FROM llamacloud_exporter.${table}`);
    expect([...(await count('meta')), ...(await count('census')), ...(await count('ledger'))]).toEqual([
      { n: 1 },
      { n: 1 },
      { n: 0 },
    ]);
  });

  test.each([
    ['made as schema 1', true],
    ['made by a build between, which had all of schema 2 as schema 1', false],
  ])('is brought up to date where it was %s', async (_, lacksColumns) => {
    const url = await server.freshDatabase();
    await prepare(url);
    const sql = (text: string) =>
      server.query(databaseOf(url), text.replaceAll('ledger', 'llamacloud_exporter.ledger'));
    await sql('UPDATE llamacloud_exporter.meta SET version = 1');
    if (lacksColumns) await sql('ALTER TABLE ledger DROP COLUMN shown_fence, DROP COLUMN shown_n');
    await sql(`INSERT INTO ledger (project, commit_id, version, value, checksum, shown)
      VALUES (7, gen_random_uuid(), gen_random_uuid(), '{}', 0, '{"a":1}')`);
    expect(await prepare(url)).toEqual({ isNew: false });
    expect(await sql('SELECT shown, shown_fence::int, shown_n::int FROM ledger')).toEqual([
      { shown: '{"a":1}', shown_fence: 0, shown_n: 0 },
    ]);
    expect(await sql('SELECT version FROM llamacloud_exporter.meta')).toEqual([{ version: 2 }]);
  });

  test.each([
    ['locked', 'refuses the password', 'state.password_file', 'wrong'],
    ['locked', 'wants a password, and there is none', 'state.password_file', null],
    ['nobody_such', 'refuses this role', 'pg_hba.conf', null],
    ['plain', 'denies the role a right', 'GRANT CREATE ON DATABASE', null],
    ['careless', 'synchronous_commit off', 'ALTER ROLE', null],
    ['strict', 'the isolation serializable', 'ALTER ROLE', null],
    ['reader', 'is read-only', 'default_transaction_read_only', null],
  ])('is refused as %s: it %s', async (role, finding, fix, password) => {
    const failure = prepare(as(role), () => password);
    await expect(failure).rejects.toMatchObject({
      code: 'startup',
      message: expect.stringContaining(finding),
      fix: expect.stringContaining(fix),
    });
    await expect(failure).rejects.toMatchObject({ message: expect.not.stringContaining(role) });
  });

  test.each([
    ['no such database', () => as('postgres', 'missing'), 'no such database'],
    [
      'nothing that listens',
      async () => `postgresql://postgres@127.0.0.1:${await freePort()}/s`,
      'nothing listens there',
    ],
    ['no such socket', () => 'postgresql://postgres@/s?host=/nonexistent', 'no such socket'],
    ['no TLS', () => `${as('postgres')}?sslmode=require`, 'does not offer TLS'],
  ])('is refused with %s', async (_, url, finding) => {
    await expect(prepare(await url())).rejects.toMatchObject({
      code: 'startup',
      message: expect.stringContaining(finding),
    });
  });

  test('is made in a schema that an administrator has prepared', async () => {
    const database = databaseOf(await server.freshDatabase());
    await server.query(database, 'CREATE SCHEMA llamacloud_exporter AUTHORIZATION granted');
    expect(await prepare(as('granted', database))).toEqual({ isNew: true });
  });

  test('is refused in a database of another encoding', async () => {
    await server.query('postgres', `CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN1'`);
    await expect(prepare(as('postgres', 'latin'))).rejects.toThrow('has the encoding LATIN1');
  });

  test('is refused where another cluster or a later version wrote it', async () => {
    const url = await server.freshDatabase();
    await prepare(url);
    const set = (what: string) => server.query(databaseOf(url), `UPDATE llamacloud_exporter.meta SET ${what}`);
    await set(`system_identifier = '7'`);
    await expect(prepare(url)).rejects.toMatchObject({ code: 'startup', fix: expect.stringContaining('state renew') });
    await set('version = 99, writers_from = 99');
    await expect(prepare(url)).rejects.toThrow('has schema 99');
  });

  test('is refused where a commit under a stale fence gets through', async () => {
    const url = await server.freshDatabase();
    await prepare(url);
    const lock = `CREATE OR REPLACE FUNCTION llamacloud_exporter.lock_1(of_project int, of_fence bigint, of_commit uuid)
      RETURNS bigint LANGUAGE sql AS $$ SELECT l.next_no FROM llamacloud_exporter.ledger l WHERE l.project = of_project $$`;
    await server.query(databaseOf(url), lock);
    await expect(prepare(url)).rejects.toThrow('accepted a commit under a stale fence');
    expect(await server.query(databaseOf(url), 'SELECT * FROM llamacloud_exporter.ledger')).toEqual([]);
  });

  test('is accepted after a failover that no member has lived through', async () => {
    const url = await server.freshDatabase();
    await prepare(url);
    await server.query(databaseOf(url), `UPDATE llamacloud_exporter.meta SET timeline = '00000000'`);
    await expect(prepare(url)).resolves.toEqual({ isNew: false });
  });

  test('gets its password anew at every connection', async () => {
    await server.query('postgres', `CREATE DATABASE owned OWNER locked`);
    let password = 'right';
    const three = open(as('locked', 'owned'), () => password);
    await prepareState(three);
    await server.query('postgres', `ALTER ROLE locked PASSWORD 'other'`);
    password = 'other';
    await server.query('postgres', `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'locked'`);
    await expect(prepareState(three)).resolves.toEqual({ isNew: false });
    await server.query('postgres', `ALTER ROLE locked PASSWORD 'right'`);
  });
});
