/** Opening the file under SQLite's exclusive lock, which the operating system takes back when the process dies. */
import { hostname } from 'node:os';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { ExporterError } from '../../domain/errors.ts';
import type { Logger } from '../../domain/logger.ts';
import type { Clock } from '../../domain/time.ts';
import { damaged, isBusy, stateError } from './errors.ts';
import { readNote, sizeOf, walOf, writeNote } from './files.ts';
import { checkOurs, getMeta, migrate, setMeta } from './schema.ts';

const RETRY_MS = 250;

/**
 * locking_mode EXCLUSIVE before the first access: one process, and no shared memory file, so it also works on network volumes.
 * cache_size in KiB: what the look-up table of a million sessions needs to keep its inner pages and a good part of its leaves.
 * wal_autocheckpoint in pages of 4 KiB: small enough that moving them into the main file takes a few milliseconds.
 */
const SETTINGS = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  PRAGMA cache_size = -8192;
  PRAGMA wal_autocheckpoint = 1000;
  PRAGMA journal_size_limit = 16777216;
  PRAGMA temp_store = MEMORY;
  
  PRAGMA trusted_schema = OFF;`;

export type LockDeps = { readonly clock: Clock; readonly logger: Logger; readonly signal: AbortSignal };

/** Opens the state at `path`, waiting for another process up to `waitMs`. Throws ExporterError, or the signal's reason. */
export async function openLocked(path: string, waitMs: number, deps: LockDeps): Promise<DatabaseSync> {
  for (let waited = 0; ; waited += RETRY_MS) {
    const db = tryOpen(path);
    if (db !== null) {
      writeNote(path, `process ${process.pid} on ${hostname()}`);
      return db;
    }
    if (waited >= waitMs) throw held(path);
    if (waited === 0) deps.logger.warn('Waiting for another process to release the state', holder(path));
    await deps.clock.sleep(RETRY_MS, deps.signal);
  }
}

/** Null when another process has it. */
function tryOpen(path: string): DatabaseSync | null {
  const walBytes = sizeOf(walOf(path));
  // mode=rw: a file that was deleted in this moment must not be made anew by SQLite.
  const url = pathToFileURL(path);
  url.searchParams.set('mode', 'rw');
  let db: DatabaseSync | null = null;
  try {
    db = new DatabaseSync(url, { timeout: 0 });
    prepareDatabase(db, path, walBytes);
    return db;
  } catch (error) {
    if (db?.isOpen) db.close();
    if (isBusy(error)) return null;
    throw stateError(error, path, 'startup');
  }
}

function prepareDatabase(db: DatabaseSync, path: string, walBytes: number): void {
  db.exec('PRAGMA locking_mode = EXCLUSIVE');
  checkOurs(db, path);
  db.exec(SETTINGS);
  migrate(db);
  if (getMeta(db, 'closed') === 0 && walBytes === 0) {
    throw damaged(
      path,
      `its last process did not close it, and ${walOf(path)}, which has the newest commits, is missing`,
    );
  }
  setMeta(db, 'closed', 0);
  // Into the main file itself: else a -wal file lost before its first checkpoint would take this note along, and nobody could miss it.
  db.exec('PRAGMA wal_checkpoint(PASSIVE)');
}

function held(path: string): ExporterError {
  const by = readNote(path);
  return new ExporterError(
    'startup',
    `The state ${path} is in use by ${by === null ? 'another process' : `another process (${by})`}.`,
    'Stop that process, or let state.url name another file: each exporter needs a state of its own.',
  );
}

function holder(path: string): Readonly<Record<string, string>> {
  return { path, holder: readNote(path) ?? 'unknown' };
}
