/** What the tables of a state say: its schema, the cluster that wrote it, its members and projects. */
import type pg from 'pg';
import { TUNING } from '../members/tuning.ts';
import { MIGRATIONS } from '../migrations/index.ts';
import { one, type RightFacts } from './facts.ts';

export type StateFacts = {
  readonly version: number;
  /** The oldest version of the schema that a writer must know. */
  readonly writersFrom: number;
  /** The version that this exporter knows. */
  readonly known: number;
  readonly systemIdentifier: string;
  readonly rules: string | null;
  readonly members: readonly { readonly name: string; readonly rules: string }[];
  readonly projects: number;
  readonly unowned: number;
};

const META = `
SELECT m.version, m.writers_from AS "writersFrom", m.system_identifier AS "systemIdentifier", m.rules
FROM llamacloud_exporter.meta AS m`;

const NOW = '(extract(epoch FROM clock_timestamp()) * 1000000)::bigint';

const MEMBERS = `
SELECT name, rules FROM llamacloud_exporter.member
WHERE lease_until > ${NOW} AND lease_until <= ${NOW} + $1::bigint ORDER BY name, id`;

const PROJECTS = `
SELECT count(*)::int AS projects, count(*) FILTER (WHERE l.owner IS NULL)::int AS unowned
FROM llamacloud_exporter.ledger AS l JOIN llamacloud_exporter.project AS p ON p.key = l.project WHERE p.left_at IS NULL`;

/** Null: there is no state yet, or the role may not read it. Within a transaction. */
export async function readStateFacts(client: pg.Client, rights: RightFacts): Promise<StateFacts | null> {
  if (!rights.hasSchema || !rights.mayUseSchema || rights.foreignTables.length > 0) return null;
  const there = await one<{ meta: boolean }>(
    client,
    `SELECT to_regclass('llamacloud_exporter.meta') IS NOT NULL AS meta`,
  );
  if (!there.meta) return null;
  const meta = await one<Pick<StateFacts, 'version' | 'writersFrom' | 'systemIdentifier' | 'rules'>>(client, META);
  const counts = await one<Pick<StateFacts, 'projects' | 'unowned'>>(client, PROJECTS);
  return { ...meta, ...counts, known: MIGRATIONS.length, members: await livingMembers(client) };
}

/** Those whose lease has not ended. */
export async function livingMembers(client: pg.Client): Promise<StateFacts['members']> {
  const { rows } = await client.query<{ name: string; rules: string }>(MEMBERS, [TUNING.lease]);
  return rows;
}
