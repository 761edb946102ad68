import type { Activity, IndexCounts } from '../../src/domain/polls.ts';
import type { Row } from '../../src/domain/row.ts';
import {
  type Admission,
  type Commit,
  type Cursors,
  NO_CURSORS,
  type Restored,
  type Store,
  type StoredProject,
} from '../../src/domain/store.ts';
import { HOUR, MINUTE, type Micros } from '../../src/domain/time.ts';

type Kept = {
  project: StoredProject;
  rows: Map<number, Row>;
  minutes: Map<number, number>;
  indexes: Map<string, number>;
};

/** The store as plain maps: what any store must do, without a disk. */
export class MemoryStore implements Store {
  readonly location = ':memory:';
  readonly #projects: Kept[] = [];
  readonly #discoveries: Record<string, Micros> = {};
  readonly #createdAt: Micros;

  constructor(createdAt: Micros) {
    this.#createdAt = createdAt;
  }

  async restore(): Promise<Restored> {
    return {
      createdAt: this.#createdAt,
      isNew: false,
      projects: this.#projects.map((p) => p.project),
      discoveries: { ...this.#discoveries },
    };
  }

  async admit(account: string, at: Micros | null, admissions: readonly Admission[]): Promise<readonly StoredProject[]> {
    if (at !== null) this.#discoveries[account] = at;
    return admissions.map((admission) => {
      const kept = this.#projects.find((p) => p.project.project.id === admission.project.id) ?? this.#insert(admission);
      const { project, absences, leftAt } = admission;
      kept.project = { ...kept.project, project, absences, leftAt };
      return kept.project;
    });
  }

  async rows(key: number, ids: readonly string[]): Promise<ReadonlyMap<string, Row>> {
    const wanted = new Set(ids);
    return new Map([...this.#at(key).rows.values()].filter((row) => wanted.has(row.id)).map((row) => [row.id, row]));
  }

  async rowsByNumber(key: number, numbers: readonly number[]): Promise<readonly Row[]> {
    return numbers.flatMap((no) => this.#at(key).rows.get(no) ?? []).filter((row) => row.deletedAt === null);
  }

  async slice(key: number, from: number, limit: number): Promise<readonly Row[]> {
    const live = [...this.#at(key).rows.values()].filter((row) => row.no >= from && row.deletedAt === null);
    return live.toSorted((a, b) => a.no - b.no).slice(0, limit);
  }

  async commit({ key, changes, totals, minutes, indexes, cursors }: Commit): Promise<void> {
    const kept = this.#at(key);
    for (const { row } of changes) kept.rows.set(row.no, row);
    for (const [minute, n] of minutes) kept.minutes.set(minute, (kept.minutes.get(minute) ?? 0) + n);
    for (const [id, n] of indexes) kept.indexes.set(id, (kept.indexes.get(id) ?? 0) + n);
    kept.project = { ...kept.project, totals, cursors: cursors ?? kept.project.cursors };
  }

  async saveCursors(cursors: ReadonlyMap<number, Cursors>): Promise<void> {
    for (const [key, saved] of cursors) this.#at(key).project = { ...this.#at(key).project, cursors: saved };
  }

  async activity(key: number, end: Micros): Promise<Activity> {
    const since = (window: Micros): number =>
      [...this.#at(key).minutes]
        .filter(([m]) => m > Math.floor((end - window) / MINUTE) && m <= Math.floor(end / MINUTE))
        .reduce((sum, [, n]) => sum + n, 0);
    return { m5: since(5 * MINUTE), h1: since(HOUR), h24: since(24 * HOUR) };
  }

  async indexCounts(key: number, most: number): Promise<IndexCounts> {
    const sorted = [...this.#at(key).indexes].filter(([, n]) => n > 0).toSorted((a, b) => b[1] - a[1]);
    const rest = sorted.slice(most).reduce((sum, [, n]) => sum + n, 0);
    return rest > 0 ? [...sorted.slice(0, most), ['other', rest]] : sorted;
  }

  async clearIndexes(): Promise<void> {
    for (const kept of this.#projects) kept.indexes.clear();
  }

  async purge(): Promise<{ more: boolean; removed: ReadonlyMap<number, number> }> {
    return { more: false, removed: new Map() };
  }

  async size(): Promise<{ bytes: number; live: number; deleted: number }> {
    const rows = this.#projects.flatMap((p) => [...p.rows.values()]);
    const deleted = rows.filter((row) => row.deletedAt !== null).length;
    return { bytes: 0, live: rows.length - deleted, deleted };
  }

  async close(): Promise<void> {}

  #insert({ project, epoch, absences, leftAt, totals }: Admission): Kept {
    const stored = { key: this.#projects.length, project, epoch, absences, leftAt, totals, cursors: NO_CURSORS };
    const kept: Kept = { project: stored, rows: new Map(), minutes: new Map(), indexes: new Map() };
    this.#projects.push(kept);
    return kept;
  }

  #at(key: number): Kept {
    const kept = this.#projects[key];
    if (kept === undefined) throw new Error(`no project ${key}`);
    return kept;
  }
}
