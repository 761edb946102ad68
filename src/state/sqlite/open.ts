/** Opening the durable state: the entry of this room. */
import { resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Logger } from '../../domain/logger.ts';
import type { Observer } from '../../domain/observer.ts';
import type { Store } from '../../domain/store.ts';
import type { Clock } from '../../domain/time.ts';
import { stateError } from './errors.ts';
import { isPresent, place } from './files.ts';
import { openLocked } from './lock.ts';
import { initialize, newState } from './schema.ts';
import { type Hash, hashId } from './sessions/hash.ts';
import { MEMORY, SqliteStore } from './store.ts';

/** What follows `sqlite:` in `state.url`: a path, relative or absolute, or `:memory:`. */
export type StateUrl = string;

export type StoreDeps = {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly observer: Observer;
  /** Ends the wait for another process. */
  readonly signal?: AbortSignal;
};

/** What tests turn down. */
export type Tuning = {
  /** How long to wait for another process that has the state. */
  readonly lockWaitMs: number;
  readonly hash: Hash;
  /** Look-up entries that wait in memory: two batches of them are at most 6 MB, and are read again in 50 ms at start. */
  readonly pendingEntries: number;
};

export const TUNING: Tuning = { lockWaitMs: 30_000, hash: hashId, pendingEntries: 131_072 };

/**
 * Opens the state, or makes a new one where there is none (a WARN says so, with its absolute path).
 * Rejects with an ExporterError of code `startup` that names the state and the fix, or with the signal's reason.
 */
export function openStore(url: StateUrl, deps: StoreDeps): Promise<Store> {
  return openTuned(url, deps, TUNING);
}

/** `openStore` with other limits. */
export async function openTuned(url: StateUrl, deps: StoreDeps, tuning: Tuning): Promise<Store> {
  if (url === MEMORY) return load(openMemory(deps.clock), MEMORY, true, deps, tuning);
  const path = resolve(url);
  const isNew = !isPresent(path) && place(path, newState(deps.clock.now()));
  const signal = deps.signal ?? new AbortController().signal;
  const db = await openLocked(path, tuning.lockWaitMs, { ...deps, signal });
  const store = load(db, path, isNew, deps, tuning);
  if (isNew) deps.logger.warn('Created a new state: counters start at 0', { path });
  return store;
}

function openMemory(clock: Clock): DatabaseSync {
  const db = new DatabaseSync(MEMORY);
  initialize(db, clock.now());
  return db;
}

function load(db: DatabaseSync, location: string, isNew: boolean, deps: StoreDeps, tuning: Tuning): Store {
  const { clock, observer } = deps;
  const { hash, pendingEntries } = tuning;
  try {
    return new SqliteStore({ db, location, isNew, clock, observer, hash, pendingEntries });
  } catch (error) {
    db.close();
    throw stateError(error, location, 'startup');
  }
}
