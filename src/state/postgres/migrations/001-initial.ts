/**
 * Schema 1. Times are integer microseconds UTC; `project` is the dense key of a project, `no` the dense number of a session within it.
 * All names are qualified with `llamacloud_exporter`.
 */
export const INITIAL = `
-- One row. system_identifier, timeline: of the server that wrote last. generation: raised by a renewal of everything.
-- rules: the hash of the configuration in force; bytes: size of the state, measured by the holder of the census.
CREATE TABLE llamacloud_exporter.meta (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  version int NOT NULL,
  writers_from int NOT NULL,
  created_at bigint NOT NULL,
  system_identifier text NOT NULL,
  timeline text NOT NULL,
  generation bigint NOT NULL DEFAULT 1,
  rules text,
  bytes bigint NOT NULL DEFAULT 0
);

-- rules: of the member itself. stood_since: since when its lease has stood without a break.
CREATE TABLE llamacloud_exporter.member (
  id uuid PRIMARY KEY,
  name text NOT NULL,
  version text NOT NULL,
  rules text NOT NULL,
  started_at bigint NOT NULL,
  stood_since bigint NOT NULL,
  lease_until bigint NOT NULL
) WITH (fillfactor = 50);

-- One row: who alone carries out discoveries.
CREATE TABLE llamacloud_exporter.census (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  member uuid,
  fence bigint NOT NULL DEFAULT 0,
  lease_until bigint NOT NULL DEFAULT 0
);

-- discovered_at: server time of the last successful discovery; up: whether the last one succeeded.
CREATE TABLE llamacloud_exporter.account (
  name text PRIMARY KEY,
  discovered_at bigint,
  up boolean,
  projects int NOT NULL DEFAULT 0
);

-- admitted_at, by the clock of the database: the first poll comes one interval later.
CREATE TABLE llamacloud_exporter.project (
  key int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  id text COLLATE "C" NOT NULL UNIQUE,
  name text NOT NULL,
  organization_id text NOT NULL,
  account text NOT NULL,
  is_default boolean NOT NULL,
  created_at bigint,
  epoch bigint NOT NULL,
  admitted_at bigint NOT NULL,
  absences int NOT NULL,
  left_at bigint
);

-- What a commit locks, checks and moves. fence: raised by each claim; commit_id: random, new with each commit; rev: the number of commits;
-- version: random, new with each change of this row or of its project. shown: what is published beside the totals, as JSON.
-- live, tombstones: sessions, as the totals count them. Rows with a negative project are scratch of the self-test.
CREATE TABLE llamacloud_exporter.ledger (
  project int PRIMARY KEY,
  owner uuid,
  fence bigint NOT NULL DEFAULT 0,
  commit_id uuid NOT NULL,
  rev bigint NOT NULL DEFAULT 0,
  version uuid NOT NULL,
  next_no bigint NOT NULL DEFAULT 0,
  value text NOT NULL,
  checksum bigint NOT NULL,
  live bigint NOT NULL DEFAULT 0,
  tombstones bigint NOT NULL DEFAULT 0,
  shown text
) WITH (fillfactor = 50, toast_tuple_target = 128, autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_cost_delay = 0,
  toast.autovacuum_vacuum_scale_factor = 0.05, toast.autovacuum_vacuum_cost_delay = 0);
ALTER TABLE llamacloud_exporter.ledger ALTER COLUMN value SET STORAGE EXTERNAL, ALTER COLUMN shown SET STORAGE EXTERNAL;

-- n: rising with each save under one fence. stats: statistics of polls as a stopped worker left them; null: only a commit has saved so far.
CREATE TABLE llamacloud_exporter.cursors (
  project int PRIMARY KEY,
  fence bigint NOT NULL,
  n bigint NOT NULL,
  value text NOT NULL,
  seen bytea,
  checksum bigint NOT NULL,
  stats text,
  stats_checksum bigint
) WITH (fillfactor = 50);

-- The columns as in SQLite, see src/state/format.
CREATE TABLE llamacloud_exporter.session (
  project int NOT NULL,
  no bigint NOT NULL,
  id text COLLATE "C" NOT NULL,
  updated_at bigint NOT NULL,
  outcome int,
  duration_us bigint,
  input_tokens bigint,
  output_tokens bigint,
  turns bigint,
  error_hash text,
  error_class text,
  fillable int,
  stale text,
  missing_since bigint,
  deleted_at bigint,
  index_ids text,
  place bigint,
  stop text,
  flags int,
  since text,
  unverified_from bigint,
  due_at bigint,
  attempts text,
  PRIMARY KEY (project, no),
  UNIQUE (project, id)
) WITH (fillfactor = 80);
CREATE INDEX tombstone ON llamacloud_exporter.session (project, deleted_at) WHERE deleted_at IS NOT NULL;
CREATE INDEX due ON llamacloud_exporter.session (project, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX unverified ON llamacloud_exporter.session (project, unverified_from) WHERE unverified_from IS NOT NULL;

-- Projects that were removed and whose sessions are still to be deleted, a slice at a time.
CREATE TABLE llamacloud_exporter.forgotten (project int PRIMARY KEY);

CREATE TABLE llamacloud_exporter.malformed (project int NOT NULL, id text COLLATE "C" NOT NULL, PRIMARY KEY (project, id));
CREATE TABLE llamacloud_exporter.minute (project int NOT NULL, minute int NOT NULL, n int NOT NULL, PRIMARY KEY (project, minute));
CREATE TABLE llamacloud_exporter.index_count (
  project int NOT NULL, index_id text COLLATE "C" NOT NULL, n int NOT NULL, PRIMARY KEY (project, index_id)
);
`;
