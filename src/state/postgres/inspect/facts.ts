/** What a database says of itself and of the state in it: read in one transaction that cannot write. */
import type pg from 'pg';
import type { ServerFacts } from '../server-check.ts';

export type DatabaseFacts = ServerFacts & {
  readonly role: string;
  readonly database: string;
  /** False where another process answers the start of a connection than the one that carries out its statements. */
  readonly isDirect: boolean;
  readonly connections: ConnectionFacts;
  readonly standbys: StandbyFacts;
  readonly rights: RightFacts;
};

export type ConnectionFacts = {
  readonly most: number;
  /** Kept by the server for superusers and for roles that may use reserved ones. */
  readonly reserved: number;
  readonly used: number;
  /** -1: none. */
  readonly mostOfRole: number;
  readonly mostOfDatabase: number;
};

export type StandbyFacts = {
  readonly connected: number;
  /** `synchronous_standby_names`; empty: a commit waits for none. */
  readonly synchronousNames: string;
};

export type RightFacts = {
  /** False: there is none yet. */
  readonly hasSchema: boolean;
  readonly mayCreateSchema: boolean;
  /** USAGE and CREATE. */
  readonly mayUseSchema: boolean;
  readonly ownsSchema: boolean;
  /** Tables of the schema that belong to somebody else. */
  readonly foreignTables: readonly string[];
  /** Functions of the server that the exporter calls and the role may not. */
  readonly deniedFunctions: readonly string[];
};

const NAMESPACE = "(SELECT n.oid FROM pg_catalog.pg_namespace AS n WHERE n.nspname = 'llamacloud_exporter')";

const SERVER = `
SELECT current_setting('server_version_num')::int AS version, pg_is_in_recovery() AS "isInRecovery",
  current_setting('synchronous_commit') AS "synchronousCommit", current_setting('default_transaction_isolation') AS isolation,
  current_setting('server_encoding') AS encoding, current_setting('default_transaction_read_only') = 'on' AS "isReadOnly",
  current_user::text AS role, current_database()::text AS database, pg_backend_pid() AS pid`;

const CONNECTIONS = `
SELECT current_setting('max_connections')::int AS most,
  current_setting('superuser_reserved_connections')::int + coalesce(current_setting('reserved_connections', true), '0')::int AS reserved,
  (SELECT sum(numbackends)::int FROM pg_catalog.pg_stat_database) AS used,
  (SELECT rolconnlimit FROM pg_catalog.pg_roles WHERE rolname = current_user) AS "mostOfRole",
  (SELECT datconnlimit FROM pg_catalog.pg_database WHERE datname = current_database()) AS "mostOfDatabase"`;

const STANDBYS = `
SELECT (SELECT count(*)::int FROM pg_catalog.pg_stat_replication) AS connected,
  current_setting('synchronous_standby_names') AS "synchronousNames"`;

const CALLED = ['pg_control_system()', 'pg_current_wal_lsn()', 'pg_walfile_name(pg_lsn)', 'pg_is_in_recovery()'];

const RIGHTS = `
SELECT ${NAMESPACE} IS NOT NULL AS "hasSchema", has_database_privilege(current_database(), 'CREATE') AS "mayCreateSchema",
  coalesce(has_schema_privilege(${NAMESPACE}, 'USAGE') AND has_schema_privilege(${NAMESPACE}, 'CREATE'), false) AS "mayUseSchema",
  coalesce((SELECT pg_has_role(n.nspowner, 'USAGE') FROM pg_catalog.pg_namespace AS n WHERE n.oid = ${NAMESPACE}), false) AS "ownsSchema",
  ARRAY(SELECT c.relname::text FROM pg_catalog.pg_class AS c
    WHERE c.relnamespace = ${NAMESPACE} AND c.relkind = 'r' AND NOT pg_has_role(c.relowner, 'USAGE') ORDER BY 1) AS "foreignTables",
  ARRAY(SELECT f FROM unnest($1::text[]) AS f
    WHERE NOT has_function_privilege('pg_catalog.' || f, 'EXECUTE') ORDER BY 1) AS "deniedFunctions"`;

const SYSTEM = 'SELECT system_identifier::text AS id FROM pg_control_system()';

/** Within a transaction. Rejects with what the driver reports. */
export async function readFacts(client: pg.Client): Promise<DatabaseFacts> {
  const server = await one<Omit<ServerFacts, 'systemIdentifier'> & Named & { pid: number }>(client, SERVER);
  const rights = await one<RightFacts>(client, RIGHTS, [CALLED]);
  const mayRead = !rights.deniedFunctions.includes('pg_control_system()');
  return {
    ...server,
    systemIdentifier: mayRead ? (await one<{ id: string }>(client, SYSTEM)).id : '',
    // The driver keeps the number that the start of the connection was answered with.
    isDirect: (client as unknown as { readonly processID: number }).processID === server.pid,
    connections: await one<ConnectionFacts>(client, CONNECTIONS),
    standbys: await one<StandbyFacts>(client, STANDBYS),
    rights,
  };
}

type Named = { readonly role: string; readonly database: string };

/** The one row of a statement that always answers one. */
export async function one<T>(client: pg.Client, text: string, values: readonly unknown[] = []): Promise<T> {
  const { rows } = await client.query(text, [...values]);
  return rows[0] as T;
}
