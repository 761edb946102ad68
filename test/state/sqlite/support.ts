/** What the tests of the SQLite state share: files, a clock, opening a state, and SQLite as a kind for the contract. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { onTestFinished } from 'vitest';
import type { Store } from '../../../src/domain/store.ts';
import type { Clock } from '../../../src/domain/time.ts';
import { openTuned, TUNING, type Tuning } from '../../../src/state/sqlite/open.ts';
import type { Kind, Place } from '../contract/kind.ts';
import { Listener } from '../contract/listener.ts';
import { NOW } from '../contract/values.ts';

export { foundRows } from '../contract/kind.ts';
export { Listener } from '../contract/listener.ts';
export { NOW } from '../contract/values.ts';

/** Our wall clock stands at `NOW`; sleeping really takes the time, as other processes are waited for. */
export const testClock: Clock = {
  now: () => NOW,
  elapsed: () => performance.now(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      signal.throwIfAborted();
      const timer = setTimeout(resolve, ms);
      signal.addEventListener('abort', () => {
        clearTimeout(timer);
        reject(signal.reason);
      });
    }),
};

/** The path of a state in a new directory that goes when the test ends. */
export function freshPath(): string {
  const directory = mkdtempSync(join(tmpdir(), 'state-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return join(directory, 'state.db');
}

/** Opens a state and closes it when the test ends, unless the test did. No waiting for other processes. */
export async function open(path: string, tuning: Partial<Tuning> = {}, listener = new Listener()): Promise<Store> {
  const { logger, observer } = listener;
  const store = await openTuned(path, { clock: testClock, logger, observer }, { ...TUNING, lockWaitMs: 0, ...tuning });
  onTestFinished(() => store.close().catch(() => {}));
  return store;
}

/** Runs statements in the file at `path`. */
export function sql(path: string, statements: string): void {
  const db = new DatabaseSync(path);
  db.exec(statements);
  db.close();
}

/** SQLite in a file, as a kind of state. */
export function inFile(tuning: Partial<Tuning> = {}, share = 1): Kind {
  const place = async (): Promise<Place> => {
    const path = freshPath();
    return { open: (listener) => open(path, tuning, listener) };
  };
  return { name: 'SQLite', share, place };
}
