/**
 * The first statement of a refresh: the server, the members, the accounts, and one number that changes with every committed change of a
 * project. Where that number is the one of what is known already, nothing else is asked.
 */
import type { Micros } from '../../../domain/time.ts';
import { CLOCK, type Client, define, selectList } from '../members/database.ts';

/** The server that answers, and the one that the state was written by last. */
export type Server = {
  readonly system: string;
  readonly inRecovery: boolean;
  /** Null in recovery. */
  readonly timeline: string | null;
  readonly metaSystem: string;
  readonly metaTimeline: string;
  readonly generation: number;
};

export type MemberRow = {
  readonly id: string;
  readonly name: string;
  readonly rules: string;
  readonly standsSince: Micros;
  readonly leaseUntil: Micros;
};

export type AccountRow = {
  readonly name: string;
  readonly discoveredAt: Micros | null;
  readonly up: boolean | null;
  readonly projects: number;
};

/** All times by the clock of the database. */
export type Situation = Server & {
  readonly now: Micros;
  readonly rules: string | null;
  readonly createdAt: Micros;
  readonly bytes: number;
  readonly members: readonly MemberRow[];
  readonly accounts: readonly AccountRow[];
  /** Of all projects' versions, as a signed 64-bit number in decimal; null: there is no project. */
  readonly digest: string | null;
  readonly projects: number;
};

/** The hash of a version, of which the digest is made; `l` is the ledger. */
export const VERSION_HASH = 'uuid_hash_extended(l.version, l.project::bigint)';

/** Rows of self-tests have negative keys; `l` is the ledger. */
export const NO_SCRATCH = 'l.project >= 0';

const members = `(SELECT coalesce(json_agg(json_build_object('id', id, 'name', name, 'rules', rules,
    'standsSince', stood_since, 'leaseUntil', lease_until) ORDER BY id), '[]'::json) FROM llamacloud_exporter.member)`;

const accounts = `(SELECT coalesce(json_agg(json_build_object('name', name, 'discoveredAt', discovered_at, 'up', up,
    'projects', projects) ORDER BY name), '[]'::json) FROM llamacloud_exporter.account)`;

const COLUMNS = {
  now: 'clock.now',
  system: '(SELECT system_identifier::text FROM pg_control_system())',
  inRecovery: 'pg_is_in_recovery()',
  timeline: 'CASE WHEN NOT pg_is_in_recovery() THEN llamacloud_exporter.timeline() END',
  metaSystem: 'meta.system_identifier',
  metaTimeline: 'meta.timeline',
  generation: 'meta.generation',
  rules: 'meta.rules',
  createdAt: 'meta.created_at',
  bytes: 'meta.bytes',
  members,
  accounts,
  digest: 'ledger.digest',
  projects: 'ledger.projects',
};

const SITUATION = define(
  'refresh_situation',
  Object.keys(COLUMNS),
  `
WITH ${CLOCK}
SELECT ${selectList(COLUMNS)}
FROM clock, llamacloud_exporter.meta,
  (SELECT bit_xor(${VERSION_HASH})::text AS digest, count(*)::int AS projects FROM llamacloud_exporter.ledger AS l WHERE ${NO_SCRATCH}) AS ledger`,
);

export async function readSituation(client: Client): Promise<Situation> {
  const [row] = await client.query<Situation>(SITUATION, []);
  return row as Situation;
}
