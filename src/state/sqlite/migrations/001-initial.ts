/** Migration 1: the first schema. */

/** Schema 1. Times are integer microseconds UTC; `project` is the dense key of a project, `no` the dense number of a session within it. */
export const INITIAL = `
CREATE TABLE meta (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE discovery (account TEXT PRIMARY KEY, at INTEGER NOT NULL) STRICT, WITHOUT ROWID;

-- A key is never used twice: rows of a project that was forgotten may outlive it for a while.
-- indexed_to: sessions with a lower number are in the look-up table, later ones may be.
CREATE TABLE project (
  key INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  organization_id TEXT NOT NULL,
  account TEXT NOT NULL,
  is_default INTEGER NOT NULL,
  created_at INTEGER,
  epoch INTEGER NOT NULL,
  absences INTEGER NOT NULL,
  left_at INTEGER,
  indexed_to INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE totals (project INTEGER PRIMARY KEY, value TEXT NOT NULL, checksum INTEGER NOT NULL) STRICT;

CREATE TABLE cursors (project INTEGER PRIMARY KEY, value TEXT NOT NULL, seen BLOB, checksum INTEGER NOT NULL) STRICT;

-- key = project * 2^32 + no, so that the rows of a project lie together in the order of their numbers.
-- outcome: null never run, 0 ok, 1 error, 2 a run that does not say.
CREATE TABLE session (
  key INTEGER PRIMARY KEY,
  id TEXT NOT NULL,
  updated_at INTEGER NOT NULL,
  outcome INTEGER,
  duration_us INTEGER,
  input_tokens INTEGER,
  output_tokens INTEGER,
  turns INTEGER,
  error_hash TEXT,
  previous TEXT,
  stale TEXT,
  missing_since INTEGER,
  deleted_at INTEGER,
  stops INTEGER,
  last_stop TEXT,
  index_ids TEXT
) STRICT;

CREATE INDEX tombstone ON session (deleted_at) WHERE deleted_at IS NOT NULL;

-- hash: signed 32-bit hash of the session id; two sessions may share one.
CREATE TABLE lookup (
  project INTEGER NOT NULL,
  hash INTEGER NOT NULL,
  no INTEGER NOT NULL,
  PRIMARY KEY (project, hash, no)
) STRICT, WITHOUT ROWID;

-- minute: microseconds / 60e6, floored; n: sessions whose last_updated_at lies in it.
CREATE TABLE minute (
  project INTEGER NOT NULL,
  minute INTEGER NOT NULL,
  n INTEGER NOT NULL,
  PRIMARY KEY (project, minute)
) STRICT, WITHOUT ROWID;

CREATE TABLE index_count (
  project INTEGER NOT NULL,
  index_id TEXT NOT NULL,
  n INTEGER NOT NULL,
  PRIMARY KEY (project, index_id)
) STRICT, WITHOUT ROWID;

-- Projects that were removed and whose sessions are still to be deleted, a slice at a time.
CREATE TABLE forgotten (project INTEGER PRIMARY KEY) STRICT;
`;
