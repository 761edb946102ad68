/** States as earlier versions left them, written to disk without the code of today, and a look at what today's code makes of them. */
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { crc32 } from 'node:zlib';
import type { Figures } from '../../../src/domain/session.ts';
import { APPLICATION_ID, MIGRATIONS } from '../../../src/state/sqlite/migrations/index.ts';
import { NOW } from './support.ts';

type Json = { [key: string]: unknown };
type Columns = Readonly<Record<string, SQLInputValue>>;

/** A run as version 0.1 kept it in columns and in JSON. */
export const OLD_RUN: Figures = {
  durationUs: 2_000_000,
  isError: false,
  errorHash: null,
  inputTokens: 100,
  outputTokens: 20,
  turns: 2,
};

const histogram = (bounds: number[], counts: number[], sum: number): Json => ({
  bounds,
  counts,
  sum,
  exemplars: counts.map(() => null),
});

/** Three live sessions that ran, one of them failed, one that never did, and a tombstone; five runs were counted. */
export const OLD_TOTALS = {
  counters: {
    runs: 5,
    errors: { other: 1, unknown: 0 },
    withoutUsage: 1,
    inputTokens: 400,
    outputTokens: 80,
    turns: 9,
    costNanoUsd: null,
    touches: 3,
    duration: histogram([1_000_000, 5_000_000], [1, 3, 0], 7_000_000),
    inputTokensPerRun: histogram(
      [64, 256, 1024, 4096, 16384, 65536, 262144, 1048576],
      [0, 4, 0, 0, 0, 0, 0, 0, 0],
      400,
    ),
    outputTokensPerRun: histogram(
      [64, 256, 1024, 4096, 16384, 65536, 262144, 1048576],
      [4, 0, 0, 0, 0, 0, 0, 0, 0],
      80,
    ),
    turnsPerRun: histogram([1, 2, 3, 5, 8, 13, 21, 34], [0, 3, 1, 0, 0, 0, 0, 0, 0], 9),
  },
  gauges: {
    ok: 2,
    error: 1,
    neverRun: 1,
    inputTokens: 150,
    outputTokens: 25,
    turns: 3,
    durationUs: 2_500_000,
    durationCount: 2,
    longest: { no: 0, value: 2_000_000 },
    newest: { no: 1, value: NOW - 2 },
  },
  sweeps: 4,
  nextNo: 5,
  tombstones: 1,
  indexedFrom: null,
};

export const OLD_CURSORS = {
  watermark: NOW - 9,
  lastSuccess: NOW - 8,
  lastFullSweep: NOW - 9,
  lastSweepSeconds: 1.5,
  lastSweepPages: 1,
  newestFirst: true,
  overlapUs: null,
  headOffSweeps: 0,
};

/** In place of what the session shows itself since a lagging read of it was repeated. */
export const OLD_STALE = {
  updatedAt: NOW - 40,
  figures: { ...OLD_RUN, durationUs: 500_000, inputTokens: 50, outputTokens: 5, turns: 1 },
  sweep: 3,
  followed: true,
};

function shown(updatedAt: number, figures: Figures | null): Columns {
  if (figures === null) return { updated_at: updatedAt, outcome: null };
  const { durationUs, isError, errorHash, inputTokens, outputTokens, turns } = figures;
  const outcome = isError === null ? 2 : Number(isError);
  const said = { duration_us: durationUs, input_tokens: inputTokens, output_tokens: outputTokens, turns };
  return { updated_at: updatedAt, outcome, error_hash: errorHash, ...said };
}

export const OLD_FAILED: Figures = {
  durationUs: null,
  isError: true,
  errorHash: 'aGFzaA',
  inputTokens: null,
  outputTokens: null,
  turns: null,
};

/** By their numbers. */
export const OLD_SESSIONS: readonly Columns[] = [
  {
    id: 'ok',
    ...shown(NOW - 3, OLD_RUN),
    previous: '1000000|false||100|20|2',
    stops: 3,
    last_stop: '2000000|false||100|20|2',
  },
  { id: 'failed', ...shown(NOW - 2, OLD_FAILED) },
  { id: 'never', ...shown(NOW - 5, null), index_ids: '["i"]' },
  { id: 'stale', ...shown(NOW - 4, OLD_RUN), previous: '|true||||', stale: JSON.stringify(OLD_STALE) },
  { id: 'gone', ...shown(NOW - 6, OLD_RUN), missing_since: NOW - 7, deleted_at: NOW - 5 },
];

/** A state of version 0.1, closed as it should be. */
export function writeState01(path: string): void {
  const db = new DatabaseSync(path);
  db.exec(
    `PRAGMA application_id = ${APPLICATION_ID}; PRAGMA journal_mode = WAL; ${MIGRATIONS[0]} PRAGMA user_version = 1`,
  );
  db.exec(
    `INSERT INTO meta VALUES ('created_at', ${NOW - 100}), ('closed', 1); INSERT INTO discovery VALUES ('default', ${NOW - 10})`,
  );
  insert(db, 'project', {
    key: 1,
    id: 'p',
    name: 'P',
    organization_id: 'o',
    account: 'default',
    is_default: 0,
    epoch: NOW - 90,
    absences: 0,
  });
  insertSealed(db, 'totals', OLD_TOTALS);
  insertSealed(db, 'cursors', { ...OLD_CURSORS, sweep: null });
  for (const [no, session] of OLD_SESSIONS.entries()) insert(db, 'session', { key: 2 ** 32 + no, ...session });
  insert(db, 'minute', { project: 1, minute: Math.floor(NOW / 60e6) - 1, n: 4 });
  insert(db, 'index_count', { project: 1, index_id: 'i', n: 1 });
  db.close();
}

/** Changes the stored JSON of a table with a checksum, as if an earlier version had written it. */
export function rewriteSealed(path: string, table: 'totals' | 'cursors', change: (value: Json) => void): void {
  const db = new DatabaseSync(path);
  for (const { project, value } of db.prepare(`SELECT project, value FROM ${table}`).all()) {
    const json = JSON.parse(String(value)) as Json;
    change(json);
    const text = JSON.stringify(json);
    db.prepare(`UPDATE ${table} SET value = ?, checksum = ? WHERE project = ?`).run(text, crc32(text), Number(project));
  }
  db.close();
}

function insertSealed(db: DatabaseSync, table: string, value: object): void {
  const text = JSON.stringify(value);
  insert(db, table, { project: 1, value: text, checksum: crc32(text) });
}

function insert(db: DatabaseSync, table: string, row: Columns): void {
  const names = Object.keys(row);
  const places = names.map(() => '?').join(', ');
  db.prepare(`INSERT INTO ${table} (${names.join(', ')}) VALUES (${places})`).run(...Object.values(row));
}
