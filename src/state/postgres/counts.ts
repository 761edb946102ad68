/** What is kept in sum of a project's sessions: by minute and index, what waits for its history, what was malformed; and the size of all. */
import type { Activity, IndexCounts } from '../../domain/polls.ts';
import type { StateSize } from '../../domain/store.ts';
import { MINUTE, type Micros } from '../../domain/time.ts';
import { shownCounts } from '../format/index-counts.ts';
import type { DiscoveryHold } from './admissions.ts';
import { type Connection, type Statement, statement } from './connection.ts';

const ACTIVITY = statement(
  'activity',
  `SELECT sum(n) FILTER (WHERE minute > $2 - 5), sum(n) FILTER (WHERE minute > $2 - 60), sum(n)
   FROM llamacloud_exporter.minute WHERE project = $1 AND minute > $2 - 1440`,
);
const INDEXES = statement(
  'indexes',
  `SELECT index_id, n FROM llamacloud_exporter.index_count WHERE project = $1 AND n > 0 ORDER BY n DESC, index_id`,
);
const WAITING = 'FROM llamacloud_exporter.session WHERE project = $1 AND deleted_at IS NULL AND';
const NEXT_DUE = statement('next_due', `SELECT min(due_at) ${WAITING} due_at IS NOT NULL`);
const OLDEST = statement('oldest', `SELECT min(unverified_from) ${WAITING} unverified_from IS NOT NULL`);
const MALFORMED = statement(
  'malformed',
  'SELECT id FROM llamacloud_exporter.malformed WHERE project = $1 AND id = ANY($2)',
);
const MEASURE = statement(
  'measure',
  `UPDATE llamacloud_exporter.meta SET bytes = (
     SELECT sum(pg_total_relation_size(c.oid)) FROM pg_class c
     WHERE c.relnamespace = 'llamacloud_exporter'::regnamespace AND c.relkind = 'r')
   WHERE llamacloud_exporter.holds_census_1($1, $2)`,
);
const SIZE = statement(
  'size',
  `SELECT (SELECT bytes FROM llamacloud_exporter.meta), coalesce(sum(live), 0)::bigint, coalesce(sum(tombstones), 0)::bigint
   FROM llamacloud_exporter.ledger WHERE project > 0`,
);

export class Counts {
  readonly #read: Connection;

  constructor(read: Connection) {
    this.#read = read;
  }

  /** A window of k minutes is the minute of `end` and the k - 1 before it, and all that came later. */
  async activity(project: number, end: Micros): Promise<Activity> {
    type Sums = readonly [number | null, number | null, number | null];
    const [sums] = await this.#read.read<Sums>(ACTIVITY, project, Math.floor(end / MINUTE));
    const [m5, h1, h24] = sums ?? [0, 0, 0];
    return { m5: m5 ?? 0, h1: h1 ?? 0, h24: h24 ?? 0 };
  }

  async indexes(project: number, most: number): Promise<IndexCounts> {
    return shownCounts(await this.#read.read<readonly [indexId: string, n: number]>(INDEXES, project), most);
  }

  nextDue(project: number): Promise<Micros | null> {
    return this.#one(NEXT_DUE, project);
  }

  oldestUnverified(project: number): Promise<Micros | null> {
    return this.#one(OLDEST, project);
  }

  async malformedAmong(project: number, ids: readonly string[]): Promise<ReadonlySet<string>> {
    const found = await this.#read.read<readonly [id: string]>(MALFORMED, project, ids);
    return new Set(found.map(([id]) => id));
  }

  /** The member that discovers measures the bytes; others read what it has measured. */
  async size(discoveryLease: DiscoveryHold | null): Promise<StateSize> {
    if (discoveryLease !== null) await this.#read.query(MEASURE, discoveryLease.member, discoveryLease.fence);
    const [row] = await this.#read.read<readonly [number, number, number]>(SIZE);
    const [bytes, live, deleted] = row ?? [0, 0, 0];
    return { bytes, live, deleted };
  }

  async #one(what: Statement, project: number): Promise<number | null> {
    const [row] = await this.#read.read<readonly [number | null]>(what, project);
    return row?.[0] ?? null;
  }
}
