/** Forgetting of a project, a slice at a time: old tombstones, and activity that has left the windows. */
import { HOUR, MINUTE, type Micros } from '../../domain/time.ts';
import { ACTIVITY_KEPT } from '../format/index-counts.ts';
import { openTotals } from '../format/sealed.ts';
import { type Committer, PURGE } from './committer.ts';
import { type Connection, statement } from './connection.ts';
import { damaged } from './errors.ts';
import { sealOutside } from './outside.ts';

const OLD = statement(
  'tombstones',
  'SELECT no FROM llamacloud_exporter.session WHERE project = $1 AND deleted_at < $2 LIMIT $3',
);
const TOTALS = statement('totals', 'SELECT value, checksum FROM llamacloud_exporter.ledger WHERE project = $1');
/** The windows of a project end at its last successful read, and may be shown until the next one. */
const PRUNE = statement(
  'prune',
  `DELETE FROM llamacloud_exporter.minute m USING llamacloud_exporter.ledger l
   WHERE l.project = $1 AND l.fence = $2 AND m.project = l.project AND m.minute < (
     least($3::bigint, coalesce((SELECT (c.value::json ->> 'lastSuccess')::bigint FROM llamacloud_exporter.cursors c
       WHERE c.project = l.project), $3::bigint)) - ${ACTIVITY_KEPT}) / ${MINUTE}`,
);

/** A slice: some 20 ms of the server. */
const SLICE_ROWS = 2_000;

export type PurgedTombstones = { readonly more: boolean; readonly removed: number };

export class Purger {
  readonly #work: Connection;
  readonly #committer: Committer;
  /** By project, up to when its activity was pruned. */
  readonly #pruned = new Map<number, Micros>();

  constructor(work: Connection, committer: Committer) {
    this.#work = work;
    this.#committer = committer;
  }

  /** Within the turn of the project. */
  async purge(key: number, before: Micros, now: Micros): Promise<PurgedTombstones> {
    await this.#prune(key, now);
    const old = await this.#work.read<readonly [no: number]>(OLD, key, before, SLICE_ROWS);
    if (old.length > 0)
      await this.#remove(
        key,
        old.map(([no]) => no),
      );
    return { more: old.length === SLICE_ROWS, removed: old.length };
  }

  forgetProject(key: number): void {
    this.#pruned.delete(key);
  }

  /** The totals that are read here are those of the last commit, or the removal is refused. */
  async #remove(key: number, numbers: readonly number[]): Promise<void> {
    const [row] = await this.#work.read<readonly [text: string, checksum: number]>(TOTALS, key);
    const totals = row === undefined ? null : openTotals(...row);
    if (totals === null)
      throw damaged(this.#work.location, `the totals of project number ${key} do not match their checksum`);
    const tombstones = totals.tombstones - numbers.length;
    const { text, checksum } = sealOutside({ ...totals, tombstones });
    await this.#committer.carryOut(key, PURGE, [text, checksum, tombstones, numbers]);
  }

  async #prune(key: number, now: Micros): Promise<void> {
    if ((this.#pruned.get(key) ?? 0) > now - HOUR) return;
    await this.#work.query(PRUNE, key, this.#committer.fenceOf(key).fence, now);
    this.#pruned.set(key, now);
  }
}
