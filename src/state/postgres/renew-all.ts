/**
 * `state renew`: a database that was restored from a backup, or moved, becomes the state again. All in one transaction: members that start
 * meanwhile find all projects as they were, or all of them renewed.
 */
import type pg from 'pg';
import { ExporterError } from '../../domain/errors.ts';
import type { Columns } from './connection.ts';
import { type DialSettings, dial, hangUp } from './dial.ts';
import { atStartup } from './errors.ts';
import { renewProject, type ZeroTotals } from './failover/renew-project.ts';
import { livingMembers } from './inspect/state-facts.ts';
import type { Client, Statement } from './members/database.ts';
import { MIGRATIONS } from './migrations/index.ts';
import { readServerFacts, refuseUnsuitable } from './server-check.ts';

/** `keep`: counters continue. `zeroTotals`: of a project whose counters begin now, under the rules of the configuration. */
export type Renewal = { readonly keep: boolean; readonly zeroTotals: ZeroTotals };

/** However long: a large state has many rows to renew. */
const TIMEOUTS = { connectMs: 5_000, queryMs: 0 };

const LOCK = 'SELECT version FROM llamacloud_exporter.meta FOR UPDATE';
const PROJECTS = 'SELECT project, rev FROM llamacloud_exporter.ledger WHERE project >= 0 ORDER BY project FOR UPDATE';
const META = `
UPDATE llamacloud_exporter.meta SET timeline = llamacloud_exporter.timeline(), generation = generation + $1,
  system_identifier = (SELECT system_identifier::text FROM pg_control_system())`;

/** How many projects start at 0. Rejects with an ExporterError of code `startup`; then nothing was changed. */
export async function renewAll(settings: DialSettings, renewal: Renewal): Promise<number> {
  const { location } = settings.url;
  try {
    const client = await dial(settings, TIMEOUTS);
    try {
      return await inTransaction(client, location, renewal);
    } finally {
      hangUp(client);
    }
  } catch (error) {
    throw atStartup(error, location);
  }
}

async function inTransaction(client: pg.Client, location: string, renewal: Renewal): Promise<number> {
  const access = clientOver(client, location);
  refuseUnsuitable(await readServerFacts(access), location);
  await client.query('BEGIN');
  try {
    await refuseUnlessAtRest(client, location);
    const projects = renewal.keep ? 0 : await renewProjects(client, access, renewal.zeroTotals);
    await client.query(META, [renewal.keep ? 0 : 1]);
    await client.query('COMMIT');
    return projects;
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {});
    throw error;
  }
}

/** Holds the row of `meta` from here on: two renewals come one after the other. */
async function refuseUnlessAtRest(client: pg.Client, location: string): Promise<void> {
  const { rows: found } = await client.query(`SELECT to_regclass('llamacloud_exporter.meta') IS NOT NULL AS "isThere"`);
  if (found[0]?.isThere !== true) {
    throw startup(`There is no state in ${location}`, 'Correct state.url, or just start the exporter: it makes one.');
  }
  const { version } = (await client.query<{ version: number }>(LOCK)).rows[0] ?? { version: 0 };
  if (version !== MIGRATIONS.length) {
    const finding = `The state ${location} has schema ${version}, and this version of the exporter knows ${MIGRATIONS.length}`;
    throw startup(finding, 'Renew it with the version that wrote it, then upgrade.');
  }
  const living = await livingMembers(client);
  if (living.length === 0) return;
  const names = living.map(({ name }) => name).join(', ');
  throw startup(`Replicas are running on ${location}: ${names}`, 'Stop all of them, wait 10 seconds, and try again.');
}

async function renewProjects(client: pg.Client, access: Client, zeroTotals: ZeroTotals): Promise<number> {
  const { rows } = await client.query<{ project: number; rev: number }>(PROJECTS);
  for (const { project, rev } of rows) await renewProject(access, project, rev, zeroTotals);
  return rows.length;
}

function startup(finding: string, fix: string): ExporterError {
  return new ExporterError('startup', `${finding}.`, fix);
}

/** Statements of members on one connection of our own, within its transaction. */
function clientOver(client: pg.Client, location: string): Client & Parameters<typeof readServerFacts>[0] {
  const read = async <T extends Columns>({ text }: { readonly text: string }, ...values: unknown[]): Promise<T[]> =>
    (await client.query({ text, values, rowMode: 'array' })).rows as unknown as T[];
  return {
    location,
    read,
    tuples: ({ named }: Statement, values) => read(named, ...values),
    async query<Row extends object>({ named, columns }: Statement, values: readonly unknown[]) {
      const rows = await read(named, ...values);
      return rows.map((row) => Object.fromEntries(columns.map((column, no) => [column, row[no]])) as Row);
    },
  };
}
