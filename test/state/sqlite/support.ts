/** What the tests of the state share: a place on disk, quiet ports, and builders of values. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { ExporterError } from '../../../src/domain/errors.ts';
import type { Fields, Logger } from '../../../src/domain/logger.ts';
import { type Observer, SILENT } from '../../../src/domain/observer.ts';
import type { Row } from '../../../src/domain/row.ts';
import type { Store } from '../../../src/domain/store.ts';
import type { Clock, Micros } from '../../../src/domain/time.ts';
import { openTuned, TUNING, type Tuning } from '../../../src/state/sqlite/open.ts';

/** 2026-05-01T00:00:00Z. */
export const NOW: Micros = 1_777_593_600_000_000;

export type Logged = { readonly level: string; readonly message: string; readonly fields: Fields };

export class Listener {
  readonly logged: Logged[] = [];
  readonly writeFailures: ExporterError[] = [];
  readonly measured: number[][] = [];

  get logger(): Logger {
    const at =
      (level: string) =>
      (message: string, fields: Fields = {}): void => {
        this.logged.push({ level, message, fields });
      };
    return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
  }

  get observer(): Observer {
    return {
      ...SILENT,
      stateWriteFailed: (error) => void this.writeFailures.push(error),
      stateMeasured: (...sizes) => void this.measured.push(sizes),
    };
  }
}

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

/** All that the store finds of these sessions, by id. */
export async function foundRows(store: Store, key: number, ids: readonly string[]): Promise<ReadonlyMap<string, Row>> {
  const rows = await store.rows(key, ids);
  return new Map([...new Set(ids)].flatMap((id) => (rows.get(id) === undefined ? [] : [[id, rows.get(id) as Row]])));
}
