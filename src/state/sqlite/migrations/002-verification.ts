/** Migration 2: records of histories, and statistics of polls. */

/**
 * Schema 2: what is known of each session's history, and statistics of polls. Sessions of schema 1 keep what they show; their place in the
 * history is not known, and nothing that was counted of them can be added to any more.
 */
export const VERIFICATION = `
-- outcome: null never run, 0 ok, 1 error, 2 a run that does not say.
-- fillable: figures of the recorded run that may still be added to the counters, as bits; null: none.
-- place, stop, flags (1 blind, 2 given up), since, attempts: the history record. unverified_from, due_at: null when nothing is to be read.
CREATE TABLE session_2 (
  key INTEGER PRIMARY KEY,
  id TEXT NOT NULL,
  updated_at INTEGER NOT NULL,
  outcome INTEGER,
  duration_us INTEGER,
  input_tokens INTEGER,
  output_tokens INTEGER,
  turns INTEGER,
  error_hash TEXT,
  error_class TEXT,
  fillable INTEGER,
  stale TEXT,
  missing_since INTEGER,
  deleted_at INTEGER,
  index_ids TEXT,
  place INTEGER,
  stop TEXT,
  flags INTEGER,
  since TEXT,
  unverified_from INTEGER,
  due_at INTEGER,
  attempts TEXT
) STRICT;

INSERT INTO session_2 (key, id, updated_at, outcome, duration_us, input_tokens, output_tokens, turns, error_hash, stale, missing_since, deleted_at, index_ids)
SELECT key, id, updated_at, outcome, duration_us, input_tokens, output_tokens, turns, error_hash, stale, missing_since, deleted_at, index_ids
FROM session ORDER BY key;

DROP TABLE session;
ALTER TABLE session_2 RENAME TO session;

CREATE INDEX tombstone ON session (deleted_at) WHERE deleted_at IS NOT NULL;
CREATE INDEX due ON session (key >> 32, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX unverified ON session (key >> 32, unverified_from) WHERE unverified_from IS NOT NULL;

-- Sessions without a row that were shown malformed.
CREATE TABLE malformed (project INTEGER NOT NULL, id TEXT NOT NULL, PRIMARY KEY (project, id)) STRICT, WITHOUT ROWID;

CREATE TABLE stats (project INTEGER PRIMARY KEY, value TEXT NOT NULL, checksum INTEGER NOT NULL) STRICT;
`;
