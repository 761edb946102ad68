/** Projects with their totals and cursors. The last committed values stay in memory: they are the very objects that the callers hold. */
import type { StatementSync } from 'node:sqlite';
import { ExporterError } from '../../domain/errors.ts';
import type { PollStats } from '../../domain/polls.ts';
import type { PolledProject } from '../../domain/project.ts';
import { type Admission, type Cursors, NO_CURSORS, type StoredProject } from '../../domain/store.ts';
import type { Totals } from '../../domain/totals.ts';
import { openCursors, openStats, openTotals, sealCursors, sealStats, sealTotals } from '../format/sealed.ts';
import { MAX_PROJECT_KEY } from '../format/session-key.ts';
import { all, type Connection } from './connection.ts';
import { DELETE_IT, damaged } from './errors.ts';

type ProjectColumns = readonly [
  key: number,
  id: string,
  name: string,
  organizationId: string,
  account: string,
  isDefault: number,
  createdAt: number | null,
  epoch: number,
  absences: number,
  leftAt: number | null,
  indexedTo: number,
  totals: string | null,
  totalsChecksum: number | null,
  cursors: string | null,
  seen: Uint8Array | null,
  cursorsChecksum: number | null,
  stats: string | null,
  statsChecksum: number | null,
];

const SELECT = `
  SELECT p.key, p.id, p.name, p.organization_id, p.account, p.is_default, p.created_at, p.epoch, p.absences, p.left_at, p.indexed_to,
    t.value, t.checksum, c.value, c.seen, c.checksum, x.value, x.checksum
  FROM project p LEFT JOIN totals t ON t.project = p.key LEFT JOIN cursors c ON c.project = p.key LEFT JOIN stats x ON x.project = p.key
  ORDER BY p.key`;

/** A project as it is read at start; `indexedTo` as in the table. */
export type LoadedProject = { readonly stored: StoredProject; readonly indexedTo: number };

export class Projects {
  readonly #connection: Connection;
  readonly #select: StatementSync;
  readonly #insert: StatementSync;
  readonly #update: StatementSync;
  readonly #totals: StatementSync;
  readonly #cursors: StatementSync;
  readonly #stats: StatementSync;
  readonly #byKey = new Map<number, StoredProject>();
  readonly #keys = new Map<string, number>();

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#select = connection.prepare(SELECT);
    this.#insert = connection.prepare(
      `INSERT INTO project (id, name, organization_id, account, is_default, created_at, epoch, absences, left_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#update = connection.prepare(
      `UPDATE project SET name = ?, organization_id = ?, account = ?, is_default = ?, created_at = ?, epoch = ?, absences = ?, left_at = ? WHERE key = ?`,
    );
    this.#totals = connection.prepare('INSERT OR REPLACE INTO totals (project, value, checksum) VALUES (?, ?, ?)');
    this.#stats = connection.prepare('INSERT OR REPLACE INTO stats (project, value, checksum) VALUES (?, ?, ?)');
    this.#cursors = connection.prepare(
      'INSERT OR REPLACE INTO cursors (project, value, seen, checksum) VALUES (?, ?, ?, ?)',
    );
  }

  /** Reads all projects; a value that does not fit its checksum is damage. */
  load(): LoadedProject[] {
    const rows = all<ProjectColumns>(this.#select);
    return rows.map((columns) => {
      const stored = this.#stored(columns);
      this.remember(stored);
      return { stored, indexedTo: columns[10] };
    });
  }

  all(): readonly StoredProject[] {
    return [...this.#byKey.values()];
  }

  /** Throws when the key is not (or no longer) known. */
  get(key: number): StoredProject {
    const stored = this.#byKey.get(key);
    if (stored !== undefined) return stored;
    throw new ExporterError('state', `The state ${this.#connection.location} has no project number ${key}.`, DELETE_IT);
  }

  keyOf(projectId: string): number | null {
    return this.#keys.get(projectId) ?? null;
  }

  /** After a commit: `stored` is what the state has now. */
  remember(stored: StoredProject): void {
    this.#byKey.set(stored.key, stored);
    this.#keys.set(stored.project.id, stored.key);
  }

  forget(key: number): void {
    this.#keys.delete(this.get(key).project.id);
    this.#byKey.delete(key);
  }

  /** Within a transaction: inserts or updates. Answers the project as it will be stored. */
  admit(admission: Admission): StoredProject {
    const key = this.#keys.get(admission.project.id);
    return key === undefined ? this.#admitNew(admission) : this.#admitKnown(this.get(key), admission);
  }

  /** Within a transaction. */
  writeTotals(key: number, totals: Totals): void {
    const { text, checksum } = sealTotals(totals);
    this.#totals.run(key, text, checksum);
  }

  /** Within a transaction. */
  writeCursors(key: number, cursors: Cursors): void {
    const { text, seen, checksum } = sealCursors(cursors);
    this.#cursors.run(key, text, seen, checksum);
  }

  /** Within a transaction. */
  writeStats(key: number, stats: PollStats): void {
    const { text, checksum } = sealStats(stats);
    this.#stats.run(key, text, checksum);
  }

  #admitNew(admission: Admission): StoredProject {
    const { project, epoch, absences, leftAt, totals } = admission;
    const { id, name, organizationId, account, createdAt } = project;
    const isDefault = Number(project.isDefault);
    const done = this.#insert.run(id, name, organizationId, account, isDefault, createdAt, epoch, absences, leftAt);
    const key = Number(done.lastInsertRowid);
    if (key > MAX_PROJECT_KEY) {
      throw new ExporterError('state', `The state ${this.#connection.location} has had too many projects.`, DELETE_IT);
    }
    this.writeTotals(key, totals);
    return { key, project, epoch, absences, leftAt, totals, cursors: NO_CURSORS, stats: null };
  }

  #admitKnown(stored: StoredProject, admission: Admission): StoredProject {
    const { project, absences, leftAt } = admission;
    const epoch = Math.min(stored.epoch, admission.epoch);
    const isSame = stored.absences === absences && stored.leftAt === leftAt && stored.epoch === epoch;
    if (isSame && sameProject(stored.project, project)) return stored;
    const { name, organizationId, account, createdAt } = project;
    const isDefault = Number(project.isDefault);
    this.#update.run(name, organizationId, account, isDefault, createdAt, epoch, absences, leftAt, stored.key);
    return { ...stored, project, epoch, absences, leftAt };
  }

  #stored(c: ProjectColumns): StoredProject {
    const [key, id, name, organizationId, account, isDefault, createdAt, epoch, absences, leftAt] = c;
    const totals = c[11] === null || c[12] === null ? null : openTotals(c[11], c[12]);
    if (totals === null)
      throw damaged(this.#connection.location, `the totals of project ${id} do not match their checksum`);
    const cursors = c[13] === null || c[15] === null ? NO_CURSORS : openCursors(c[13], c[14], c[15]);
    if (cursors === null)
      throw damaged(this.#connection.location, `the cursors of project ${id} do not match their checksum`);
    const stats = c[16] === null || c[17] === null ? null : openStats(c[16], c[17]);
    if (c[16] !== null && stats === null)
      throw damaged(this.#connection.location, `the statistics of project ${id} do not match their checksum`);
    const project = { id, name, organizationId, account, isDefault: isDefault === 1, createdAt };
    return { key, project, epoch, absences, leftAt, totals, cursors, stats };
  }
}

function sameProject(a: PolledProject, b: PolledProject): boolean {
  return (
    a.account === b.account &&
    a.name === b.name &&
    a.organizationId === b.organizationId &&
    a.isDefault === b.isDefault &&
    a.createdAt === b.createdAt
  );
}
