/** Projects as they are stored. */
import type { PollStats } from '../../domain/polls.ts';
import { NO_CURSORS, type StoredProject } from '../../domain/store.ts';
import { openCursors, openStats, openTotals } from '../format/sealed.ts';
import { type Connection, statement } from './connection.ts';
import { damaged } from './errors.ts';

/** Columns of `StoredColumns`, for the tables of `STORED_FROM`. */
export const STORED_COLUMNS = `p.key, p.id, p.name, p.organization_id, p.account, p.is_default, p.created_at, p.epoch, p.absences,
  p.left_at, l.value, l.checksum, c.value, c.seen, c.checksum, c.stats, c.stats_checksum, (l.shown::json -> 'polls')::text`;
export const STORED_FROM = `llamacloud_exporter.project p JOIN llamacloud_exporter.ledger l ON l.project = p.key
  LEFT JOIN llamacloud_exporter.cursors c ON c.project = p.key`;

export type StoredColumns = readonly [
  key: number,
  id: string,
  name: string,
  organizationId: string,
  account: string,
  isDefault: boolean,
  createdAt: number | null,
  epoch: number,
  absences: number,
  leftAt: number | null,
  totals: string,
  totalsChecksum: number,
  cursors: string | null,
  seen: Buffer | null,
  cursorsChecksum: number | null,
  stats: string | null,
  statsChecksum: number | null,
  shownPolls: string | null,
];

/** Read at once: about 10 ms of parsing. */
const AT_ONCE = 250;

const AFTER = statement(
  'projects',
  `SELECT ${STORED_COLUMNS} FROM ${STORED_FROM} WHERE p.key > $1 ORDER BY p.key LIMIT $2`,
);
const BY_ID = statement('projects_by_id', `SELECT ${STORED_COLUMNS} FROM ${STORED_FROM} WHERE p.id = ANY($1)`);

/** All projects, in the order of their keys. Rejects with a PostgresError, or with one of code `startup` where a value is damaged. */
export async function readProjects(connection: Connection): Promise<readonly StoredProject[]> {
  const projects: StoredProject[] = [];
  for (let after = 0; ; ) {
    const rows = await connection.read<StoredColumns>(AFTER, after, AT_ONCE);
    for (const columns of rows) projects.push(toStored(columns, connection.location));
    if (rows.length < AT_ONCE) return projects;
    after = projects.at(-1)?.key ?? 0;
  }
}

/** Those with these ids, in their order. */
export async function readProjectsById(
  connection: Connection,
  ids: readonly string[],
): Promise<readonly StoredProject[]> {
  const rows = await connection.read<StoredColumns>(BY_ID, ids);
  const byId = new Map(rows.map((columns) => [columns[1], toStored(columns, connection.location)]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}

/** Throws an ExporterError of code `startup` where a value does not fit its checksum. */
export function toStored(c: StoredColumns, location: string): StoredProject {
  const [key, id, name, organizationId, account, isDefault, createdAt, epoch, absences, leftAt] = c;
  const refuse = (what: string): never => {
    throw damaged(location, `the ${what} of project ${id} do not match their checksum`);
  };
  const totals = openTotals(c[10], c[11]) ?? refuse('totals');
  const seen = c[13] === null ? null : new Uint8Array(c[13]);
  const cursors =
    c[12] === null || c[14] === null ? NO_CURSORS : (openCursors(c[12], seen, c[14]) ?? refuse('cursors'));
  const saved = c[15] === null || c[16] === null ? null : (openStats(c[15], c[16]) ?? refuse('statistics'));
  const shown = c[17] === null ? null : (JSON.parse(c[17]) as PollStats | null);
  const project = { id, name, organizationId, account, isDefault, createdAt };
  return { key, project, epoch, absences, leftAt, totals, cursors, stats: newer(saved, shown) };
}

/** Statistics are shown every second, and saved when their worker stops: the later ones, also within a poll. */
function newer(saved: PollStats | null, shown: PollStats | null): PollStats | null {
  if (saved === null || shown === null) return saved ?? shown;
  return eventsOf(shown) > eventsOf(saved) ? shown : saved;
}

/** All that was ever counted: it only grows. */
function eventsOf({ polls, failures, invalid, staleReads, headPollMisses }: PollStats): number {
  const counts = [polls.head, polls.full, failures, invalid].flatMap((kind) => Object.values<number>(kind));
  return counts.reduce((sum, n) => sum + n, staleReads + headPollMisses);
}
