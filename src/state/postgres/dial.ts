/** Connecting: the hosts of `state.url` in turn, until one answers that is no standby. */
import { readFile } from 'node:fs/promises';
import type { ConnectionOptions } from 'node:tls';
import pg from 'pg';
import { ExporterError } from '../../domain/errors.ts';
import { type Host, isLocal, isSocket, type PostgresUrl } from './url.ts';

export type DialSettings = {
  readonly url: PostgresUrl;
  /** The password where the URL has none, asked for at every connect; null: there is none. */
  readonly password: () => Promise<string | null> | string | null;
  /** Shown in `pg_stat_activity`. */
  readonly applicationName: string;
};

/**
 * `queryMs` 0: no limit. A statement that was given up may still be waiting at the server, for a standby perhaps: so after each the next one is
 * given twice the time, up to `longestMs`, or new connections would use up all that the server has.
 */
export type Timeouts = { readonly connectMs: number; readonly queryMs: number; readonly longestMs?: number };

/** int8 as number: all of ours stay below 2^53. Never set for other users of the driver in this process. */
const TYPES: pg.CustomTypesConfig = {
  getTypeParser: (oid, format) => (oid === pg.types.builtins.INT8 ? Number : pg.types.getTypeParser(oid, format)),
};

/** Rejects with what the last host failed with. */
export async function dial(settings: DialSettings, timeouts: Timeouts): Promise<pg.Client> {
  const { hosts, location } = settings.url;
  let failure: unknown = null;
  let standbys = 0;
  for (const host of hosts) {
    try {
      const client = await connect(host, settings, timeouts);
      if (!(await isStandby(client))) return client;
      standbys++;
      hangUp(client);
    } catch (error) {
      failure = error;
    }
  }
  if (failure !== null) throw failure;
  throw new ExporterError(
    'state',
    `The state ${location} is in recovery: ${standbys === 1 ? 'the server is a standby' : 'all servers are standbys'}.`,
    'Let state.url name the primary, or all servers of the cluster: the exporter finds the primary among them.',
  );
}

/** Ends a connection without waiting for the server, whatever runs on it. */
export function hangUp(client: pg.Client): void {
  client.end().catch(() => {});
}

async function connect(host: Host, settings: DialSettings, timeouts: Timeouts): Promise<pg.Client> {
  const { url, applicationName } = settings;
  const client = new pg.Client({
    host: host.host,
    port: host.port,
    user: url.user,
    database: url.database,
    password: async () => url.password ?? (await settings.password()) ?? '',
    ssl: await tlsOf(url, host),
    application_name: applicationName,
    connectionTimeoutMillis: timeouts.connectMs,
    query_timeout: timeouts.queryMs,
    keepAlive: true,
    types: TYPES,
  });
  withoutEnvironment(client);
  // Errors of an idle connection must not end the process; whoever uses it next is told by its own call.
  client.on('error', () => {});
  try {
    await client.connect();
  } catch (error) {
    hangUp(client);
    throw error;
  }
  return client;
}

/** The driver would send PGOPTIONS and PGREPLICATION as startup parameters, which a pooler refuses. */
function withoutEnvironment(client: pg.Client): void {
  const { connectionParameters } = client as unknown as { connectionParameters: Record<string, unknown> };
  connectionParameters['options'] = undefined;
  connectionParameters['replication'] = undefined;
}

async function isStandby(client: pg.Client): Promise<boolean> {
  try {
    const { rows } = await client.query<{ standby: boolean }>('SELECT pg_catalog.pg_is_in_recovery() AS standby');
    return rows[0]?.standby === true;
  } catch (error) {
    hangUp(client);
    throw error;
  }
}

async function tlsOf(url: PostgresUrl, host: Host): Promise<ConnectionOptions | false> {
  const mode = url.sslMode ?? (isLocal(host) ? 'disable' : 'verify-full');
  if (mode === 'disable' || isSocket(host.host)) return false;
  const { sslRootCert } = url;
  if (mode === 'require' && sslRootCert === null) return { rejectUnauthorized: false };
  const ca = sslRootCert === null || sslRootCert === 'system' ? {} : { ca: await certificates(sslRootCert) };
  // As libpq has it: `require` beside a root certificate checks the chain, and only `verify-full` the name.
  const names = mode === 'verify-full' ? { host: host.host } : { checkServerIdentity: () => undefined };
  return { rejectUnauthorized: true, ...ca, ...names };
}

async function certificates(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new ExporterError('state', `The file ${path} (sslrootcert) cannot be read.`, 'Correct state.url.', error);
  }
}
