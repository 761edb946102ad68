/** Saves how far polling has got and what is shown: many projects in one statement, each under its fence; those that were lost are skipped. */
import type { Progress } from '../../domain/store.ts';
import { sealCursors, sealStats } from '../format/sealed.ts';
import { type Connection, statement } from './connection.ts';
import type { OwnedProjects } from './owned.ts';

const SAVE = statement(
  'save_progress',
  `INSERT INTO llamacloud_exporter.cursors AS c (project, fence, n, value, seen, checksum, stats, stats_checksum)
   SELECT u.project, u.fence, $3, u.value, u.seen, u.checksum, u.stats, u.stats_checksum
   FROM unnest($1::int[], $2::bigint[], $4::text[], $5::bytea[], $6::bigint[], $7::text[], $8::bigint[])
     AS u(project, fence, value, seen, checksum, stats, stats_checksum)
   JOIN llamacloud_exporter.ledger l ON l.project = u.project AND l.fence = u.fence
   ORDER BY u.project
   ON CONFLICT (project) DO UPDATE SET fence = excluded.fence, n = excluded.n, value = excluded.value, seen = excluded.seen,
     checksum = excluded.checksum, stats = excluded.stats, stats_checksum = excluded.stats_checksum
   WHERE (c.fence, c.n) < (excluded.fence, excluded.n)`,
);

/** One that was given up may arrive after a later one: it must not take counters of polls back. */
const SHOW = statement(
  'save_shown',
  `UPDATE llamacloud_exporter.ledger l
   SET shown = u.shown, shown_fence = u.fence, shown_n = $4, version = gen_random_uuid()
   FROM unnest($1::int[], $2::bigint[], $3::text[]) AS u(project, fence, shown)
   WHERE l.project = u.project AND l.fence = u.fence AND (l.shown_fence, l.shown_n) < (u.fence, $4::bigint)`,
);

type Saved = Progress & { readonly fence: number };

export class ProgressWriter {
  readonly #work: Connection;
  readonly #owned: OwnedProjects;
  /** Of each project, what was saved last, and under which fence. */
  readonly #saved = new Map<number, Saved>();
  #n = 0;

  constructor(work: Connection, owned: OwnedProjects) {
    this.#work = work;
    this.#owned = owned;
  }

  /** The number of the next save, of cursors or of what is shown: rising. */
  next(): number {
    return ++this.#n;
  }

  /** Within the turns of the projects. */
  async save(progress: ReadonlyMap<number, Progress>): Promise<void> {
    const changed = this.#changed(progress);
    if (changed.size === 0) return;
    const entries = [...changed].map(([key, value]) => ({
      key,
      fence: value.fence,
      cursors: sealCursors(value.cursors),
      stats: sealStats(value.stats),
    }));
    await this.#work.query(
      SAVE,
      entries.map(({ key }) => key),
      entries.map(({ fence }) => fence),
      this.next(),
      entries.map(({ cursors }) => cursors.text),
      entries.map(({ cursors }) => cursors.seen),
      entries.map(({ cursors }) => cursors.checksum),
      entries.map(({ stats }) => stats.text),
      entries.map(({ stats }) => stats.checksum),
    );
    for (const [key, value] of changed) this.#saved.set(key, value);
  }

  /** Writes what is published beside the totals. */
  async show(shown: ReadonlyMap<number, object>): Promise<void> {
    const entries = [...shown].flatMap(([key, value]) => {
      const fence = this.#owned.get(key)?.fence;
      return fence === undefined ? [] : [{ key, fence, text: JSON.stringify(value) }];
    });
    if (entries.length === 0) return;
    await this.#work.query(
      SHOW,
      entries.map(({ key }) => key),
      entries.map(({ fence }) => fence),
      entries.map(({ text }) => text),
      this.next(),
    );
  }

  /** What is owned and not as it was saved last. The bitmap of a running sweep changes in place. */
  #changed(progress: ReadonlyMap<number, Progress>): ReadonlyMap<number, Saved> {
    const changed = new Map<number, Saved>();
    for (const [key, { cursors, stats }] of progress) {
      const fence = this.#owned.get(key)?.fence;
      if (fence === undefined) continue;
      const saved = this.#saved.get(key);
      const isSame = saved?.fence === fence && saved.cursors === cursors && saved.stats === stats;
      if (!isSame || cursors.sweep !== null) changed.set(key, { fence, cursors, stats });
    }
    return changed;
  }
}
