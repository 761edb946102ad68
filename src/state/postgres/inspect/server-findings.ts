/** What `check` makes of the server: every finding with its fix. Pure. */
import type { StateFinding } from '../../../domain/state-check.ts';
import { unsuitable } from '../server-check.ts';
import type { ConnectionFacts, DatabaseFacts, StandbyFacts } from './facts.ts';

/** Connections that each replica opens: those of `Connections` in `connection.ts`. */
const PER_MEMBER = 4;

/** A server on which nothing is wrong, to look at one property after the other. */
const SUITABLE = {
  version: 170_000,
  isInRecovery: false,
  synchronousCommit: 'on',
  isolation: 'read committed',
  encoding: 'UTF8',
  isReadOnly: false,
  systemIdentifier: '',
};

/** One finding for each property of the server. */
export function serverFindings(facts: DatabaseFacts): readonly StateFinding[] {
  const { version, isInRecovery, isReadOnly, synchronousCommit, isolation, encoding } = facts;
  return [
    required('version', versionText(version), { version }, facts),
    required('role of server', isInRecovery ? 'standby' : 'primary', { isInRecovery }, facts),
    required('transactions', isReadOnly ? 'read only' : 'read and write', { isReadOnly }, facts),
    required('isolation', isolation, { isolation }, facts),
    required('synchronous commit', synchronousCommit, { synchronousCommit }, facts),
    required('encoding', encoding, { encoding }, facts),
    standbys(facts.standbys),
    pooler(facts.isDirect),
    connections(facts.connections),
  ];
}

type Property = Partial<typeof SUITABLE>;

/** One property that a start looks at too, by the same rule. */
function required(what: string, found: string, property: Property, { role }: DatabaseFacts): StateFinding {
  const wrong = unsuitable({ ...SUITABLE, ...property });
  if (wrong === null) return ok(what, found);
  return { what, found, verdict: 'failed', fix: wrong[1].replace('ALTER ROLE role', `ALTER ROLE ${quoted(role)}`) };
}

function versionText(version: number): string {
  return `PostgreSQL ${Math.floor(version / 10_000)}.${version % 10_000}`;
}

function standbys({ connected, synchronousNames }: StandbyFacts): StateFinding {
  const what = 'standbys';
  if (synchronousNames !== '') return ok(what, `${connected}, synchronous: ${synchronousNames}`);
  if (connected === 0) return ok(what, 'none');
  const fix =
    'After a failover to a standby that lags behind, projects whose last commits are missing restart at 0. ' +
    'With synchronous_standby_names set, none are missing.';
  return { what, found: `${connected}, none synchronous`, verdict: 'note', fix };
}

function pooler(isDirect: boolean): StateFinding {
  if (isDirect) return ok('pooler', 'none');
  const fix =
    'Run it in transaction or session mode. Before PgBouncer 1.21, or without max_prepared_statements, statements are sent unnamed, slower.';
  return { what: 'pooler', found: 'yes', verdict: 'note', fix };
}

/** Room for one more replica beside those that are there, as a rolling upgrade needs it. This look takes one connection itself. */
function connections({ most, reserved, used, mostOfRole, mostOfDatabase }: ConnectionFacts): StateFinding {
  const what = 'connections';
  const free = most - reserved - used + 1;
  const limits = [mostOfRole, mostOfDatabase].filter((limit) => limit >= 0);
  const found = `${used} of ${most} used${limits.length === 0 ? '' : `, limit ${Math.min(...limits)}`}`;
  const least = Math.min(free, ...limits);
  if (least >= PER_MEMBER) return ok(what, found);
  const fix = `Each replica takes ${PER_MEMBER}: raise max_connections or the CONNECTION LIMIT, or use PgBouncer.`;
  return { what, found, verdict: 'failed', fix };
}

export function ok(what: string, found: string): StateFinding {
  return { what, found, verdict: 'ok', fix: '' };
}

/** An identifier in SQL. */
export function quoted(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}
