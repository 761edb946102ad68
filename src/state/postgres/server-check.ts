/** What a database has to be before a state is kept in it. */
import { ExporterError } from '../../domain/errors.ts';
import { type Connection, statement } from './connection.ts';

const OLDEST = 140_000;

/** What a server says of itself. */
export type ServerFacts = {
  /** 150018 is 15.18. */
  readonly version: number;
  readonly isInRecovery: boolean;
  readonly synchronousCommit: string;
  readonly isolation: string;
  readonly encoding: string;
  readonly isReadOnly: boolean;
  readonly systemIdentifier: string;
};

type FactColumns = readonly [number, boolean, string, string, string, string, string];

const FACTS = statement(
  'facts',
  `SELECT current_setting('server_version_num')::int, pg_is_in_recovery(), current_setting('synchronous_commit'),
     current_setting('default_transaction_isolation'), current_setting('server_encoding'),
     current_setting('default_transaction_read_only'), (SELECT system_identifier::text FROM pg_control_system())`,
);

const IDENTITY = statement('identity', 'SELECT system_identifier FROM llamacloud_exporter.meta');

/** Asks the server; writes nothing. Rejects with a PostgresError. */
export async function readServerFacts(connection: Pick<Connection, 'read'>): Promise<ServerFacts> {
  const [row] = await connection.read<FactColumns>(FACTS);
  if (row === undefined) throw new Error('a statement without FROM answered no row');
  const [version, isInRecovery, synchronousCommit, isolation, encoding, readOnly, systemIdentifier] = row;
  return {
    version,
    isInRecovery,
    synchronousCommit,
    isolation,
    encoding,
    isReadOnly: readOnly === 'on',
    systemIdentifier,
  };
}

/** Throws an ExporterError of code `startup` for a server on which a run could be lost or counted twice. */
export function refuseUnsuitable(facts: ServerFacts, location: string): void {
  const finding = unsuitable(facts);
  if (finding !== null) throw new ExporterError('startup', `The state ${location} ${finding[0]}.`, finding[1]);
}

/** What is wrong with a server, and the fix; null: nothing. */
export function unsuitable(facts: ServerFacts): readonly [finding: string, fix: string] | null {
  if (facts.version < OLDEST) {
    return [`is on PostgreSQL ${Math.floor(facts.version / 10_000)}`, 'Upgrade it to PostgreSQL 14 or later.'];
  }
  if (facts.isInRecovery) return ['is on a standby', 'Let state.url name the primary, or all servers of the cluster.'];
  if (facts.isReadOnly) {
    return ['is read-only', 'Set default_transaction_read_only to off for this role and database.'];
  }
  if (facts.synchronousCommit === 'off') {
    return [
      'has synchronous_commit off: a crash of the server would lose commits whose runs were shown',
      'Set synchronous_commit to on for this role: ALTER ROLE role SET synchronous_commit = on.',
    ];
  }
  if (facts.isolation !== 'read committed') {
    return [
      `has the isolation ${facts.isolation}`,
      "Set it for this role: ALTER ROLE role SET default_transaction_isolation = 'read committed'.",
    ];
  }
  if (facts.encoding !== 'UTF8') {
    return [
      `has the encoding ${facts.encoding}`,
      "Make another database: CREATE DATABASE name ENCODING 'UTF8' TEMPLATE template0.",
    ];
  }
  return null;
}

/** Refuses a state that another cluster wrote: what was committed since it was copied would be counted twice. */
export async function refuseOtherCluster(connection: Connection, facts: ServerFacts): Promise<void> {
  const [row] = await connection.read<readonly [string]>(IDENTITY);
  if (row === undefined || row[0] === facts.systemIdentifier) return;
  throw new ExporterError(
    'startup',
    `The state ${connection.location} was written by another PostgreSQL cluster (system identifier ${row[0]}, here ${facts.systemIdentifier}).`,
    'After a restored backup run `llamacloud-exporter state renew`; after pg_upgrade or a planned move that lost nothing, `state renew --keep`.',
  );
}
