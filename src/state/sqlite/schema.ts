/** Checks that a database file is ours and sound, and migrates it. */
import { DatabaseSync } from 'node:sqlite';
import { ExporterError } from '../../domain/errors.ts';
import type { Micros } from '../../domain/time.ts';
import { DELETE_IT } from './errors.ts';
import { APPLICATION_ID, MIGRATIONS } from './migrations/index.ts';

/** A new state, as the bytes of its file. `now`: our clock. */
export function newState(now: Micros): Uint8Array {
  const db = new DatabaseSync(':memory:');
  try {
    initialize(db, now);
    return db.serialize();
  } finally {
    db.close();
  }
}

/** Makes an empty database a state. */
export function initialize(db: DatabaseSync, now: Micros): void {
  db.exec(`PRAGMA application_id = ${APPLICATION_ID}`);
  migrate(db);
  setMeta(db, 'created_at', now);
  setMeta(db, 'closed', 1);
}

/** Refuses a database that is not ours, or of a later version. */
export function checkOurs(db: DatabaseSync, location: string): void {
  if (pragma(db, 'application_id') !== APPLICATION_ID) {
    throw new ExporterError(
      'startup',
      `The file ${location} is a database of another application.`,
      'Let state.url name another file.',
    );
  }
  const version = pragma(db, 'user_version');
  if (version > MIGRATIONS.length) {
    throw new ExporterError(
      'startup',
      `The state ${location} has schema ${version}; this version of the exporter knows ${MIGRATIONS.length} at most.`,
      `Start the version that wrote it, or a later one. Or: ${DELETE_IT}`,
    );
  }
}

/** Applies the migrations that are missing, each in a transaction. */
export function migrate(db: DatabaseSync): void {
  for (let version = pragma(db, 'user_version'); version < MIGRATIONS.length; version++) {
    db.exec(`BEGIN IMMEDIATE; ${MIGRATIONS[version]} PRAGMA user_version = ${version + 1}; COMMIT`);
  }
}

/** `created_at`: instant of our clock. `closed`: 1 when the last process ended the state properly, 0 while one uses it. */
type Meta = 'created_at' | 'closed';

export function setMeta(db: DatabaseSync, name: Meta, value: number): void {
  db.prepare('INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)').run(name, value);
}

/** Null when it was never set. */
export function getMeta(db: DatabaseSync, name: Meta): number | null {
  const row = db.prepare('SELECT value FROM meta WHERE name = ?').get(name);
  return row === undefined ? null : Number(row['value']);
}

function pragma(db: DatabaseSync, name: string): number {
  return Number(db.prepare(`PRAGMA ${name}`).get()?.[name]);
}
