/** What PostgreSQL, the driver and the network report, as errors that a person may read. */
import pg from 'pg';
import { ExporterError } from '../../domain/errors.ts';

const AGAIN = 'The exporter tries again by itself.';
const REACH = `Check that the server runs and that state.url and the network lead to it. ${AGAIN}`;
const RIGHTS =
  'Let the schema llamacloud_exporter belong to the role: ALTER SCHEMA llamacloud_exporter OWNER TO role; or, for a new state, GRANT CREATE ON DATABASE database TO role.';
const PASSWORD = 'Correct the password: state.password_file (read at every connect), PGPASSWORD or state.url.';
const PRIMARY =
  'Let state.url name the primary, or all servers of the cluster: the exporter finds the primary among them.';
const FULL = `Free space on its volume. ${AGAIN}`;

/** What is known of an SQLSTATE (https://www.postgresql.org/docs/current/errcodes-appendix.html): finding and fix. */
const KNOWN: Readonly<Record<string, readonly [finding: string, fix: string]>> = {
  '28P01': ['refuses the password', PASSWORD],
  '28000': ['refuses this role', 'Check the user of state.url, and the pg_hba.conf of the server.'],
  '3D000': ['has no such database', 'Create it (CREATE DATABASE), or correct state.url.'],
  '42501': ['denies the role a right', RIGHTS],
  '25006': ['is read-only', PRIMARY],
  '53100': ['cannot write: no space left', FULL],
  '53300': ['has no free connection', `Raise max_connections, or use PgBouncer: each replica takes four. ${AGAIN}`],
  '57P03': ['is starting up or shutting down', AGAIN],
  '08P01': ['broke the protocol', 'Behind a pooler: see its log. PgBouncer must run in transaction or session mode.'],
};

/** Errors of sockets and name look-up, by `code`. */
const NETWORK: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'its name is not known to DNS',
  EAI_AGAIN: 'DNS does not answer',
  ETIMEDOUT: 'it does not answer',
  EHOSTUNREACH: 'it cannot be reached',
  ENETUNREACH: 'its network cannot be reached',
  ECONNRESET: 'the connection was cut',
  EPIPE: 'the connection was cut',
  ENOENT: 'there is no such socket',
  EACCES: 'the socket may not be used by this user',
};

/** Classes of SQLSTATE with which a statement has surely changed nothing. */
const DEFINITE = new Set([
  '0A',
  '21',
  '22',
  '23',
  '25',
  '26',
  '28',
  '3D',
  '3F',
  '40',
  '42',
  '53',
  '54',
  '55',
  'LC',
  'P0',
]);
/** 40003: "statement completion unknown". 57014 (canceled) rolls back; all else of class 57 ends the connection. */
const UNKNOWN = '40003';
const CANCELED = '57014';
const CONFLICTS = ['40001', '40P01'];

/** Empty when it is no error that the server reported. */
export function sqlState(error: unknown): string {
  return error instanceof pg.DatabaseError ? (error.code ?? '') : '';
}

function changedNothing(error: unknown): boolean {
  const code = sqlState(error);
  return code === CANCELED || (code !== UNKNOWN && DEFINITE.has(code.slice(0, 2)));
}

/** True when the connection is of no use any more. */
export function endsConnection(error: unknown): boolean {
  const code = sqlState(error);
  return code === '' || code === '25006' || code.startsWith('08') || (code.startsWith('57') && code !== CANCELED);
}

/** True where the driver has given up a statement to which the server has not answered. */
export function isTimeout(error: unknown): boolean {
  return error instanceof Error && error.message === 'Query read timeout';
}

/** Whatever a statement, or the connection for it, failed with. Of code `state`. */
export class PostgresError extends ExporterError {
  /** False: there was no connection, so that the statement never left this process. */
  readonly wasSent: boolean;

  private constructor(message: string, fix: string, wasSent: boolean, cause: unknown) {
    super('state', message, fix, cause);
    this.wasSent = wasSent;
  }

  static of(error: unknown, location: string, wasSent: boolean): PostgresError {
    if (error instanceof PostgresError) return error;
    if (error instanceof ExporterError) return new PostgresError(error.message, error.fix, wasSent, error);
    const [finding, fix] = explain(error);
    return new PostgresError(`The state ${location} ${finding}.`, fix, wasSent, error);
  }

  /** True when the statement surely changed nothing; else it may have been carried out, or be carried out later. */
  get changedNothing(): boolean {
    return !this.wasSent || changedNothing(this.cause);
  }

  get isConnectionLost(): boolean {
    return endsConnection(this.cause);
  }

  /** True when sending the statement again may succeed at once: a serialization failure or a deadlock. */
  get isConflict(): boolean {
    return CONFLICTS.includes(sqlState(this.cause));
  }
}

/** The same failure while the state is opened: the process ends with it. */
export function atStartup(error: unknown, location: string): ExporterError {
  if (error instanceof ExporterError && error.code !== 'state') return error;
  const { message, fix } = PostgresError.of(error, location, false);
  return new ExporterError('startup', message, fix.replace(` ${AGAIN}`, ''), error);
}

/** Something stored is not what was written: nothing read from it may become a number. */
export function damaged(location: string, finding: string): ExporterError {
  const fix = 'Restore a backup and run `llamacloud-exporter state renew`, or drop the schema: counters restart at 0.';
  return new ExporterError('startup', `The state ${location} is damaged: ${finding}.`, fix);
}

function explain(error: unknown): readonly [finding: string, fix: string] {
  const code = sqlState(error);
  if (code !== '') return KNOWN[code] ?? [`failed: ${text(error)} (SQLSTATE ${code})`, AGAIN];
  const network = NETWORK[networkCode(error)];
  if (network !== undefined) return [`cannot be reached: ${network}`, REACH];
  const message = text(error);
  if (/client password must be a/.test(message)) return ['wants a password, and there is none', PASSWORD];
  if (/does not support SSL/.test(message)) {
    return [
      'does not offer TLS',
      'Switch TLS on at the server, or add ?sslmode=disable to state.url on a network that you trust.',
    ];
  }
  if (isTls(error)) {
    return [
      `shows a certificate that is not trusted: ${message}`,
      'Let sslrootcert in state.url name the file of its CA, and let the host be the name in its certificate.',
    ];
  }
  if (/timeout/i.test(message)) return ['does not answer in time', REACH];
  return [`cannot be reached: ${message}`, REACH];
}

function networkCode(error: unknown): string {
  if (error instanceof AggregateError) return networkCode(error.errors[0]);
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

function isTls(error: unknown): boolean {
  const code = networkCode(error);
  return /^(?:ERR_TLS|ERR_SSL|CERT_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|ERR_OSSL|HOSTNAME_)/.test(code);
}

function text(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
