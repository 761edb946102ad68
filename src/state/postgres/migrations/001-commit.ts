/**
 * Schema 1: what a commit checks (`lock_1`), and what it writes under the fence of a project. Functions are called by one statement each, so that no transaction stays open between
 * round trips; a later version that needs other parameters adds a function beside, for members of both versions at once.
 */
import { ROW_COLUMNS } from '../../format/codec.ts';

const TYPES: Readonly<Record<(typeof ROW_COLUMNS)[number], string>> = {
  updated_at: 'bigint',
  outcome: 'int',
  duration_us: 'bigint',
  input_tokens: 'bigint',
  output_tokens: 'bigint',
  turns: 'bigint',
  error_hash: 'text',
  error_class: 'text',
  fillable: 'int',
  stale: 'text',
  missing_since: 'bigint',
  deleted_at: 'bigint',
  index_ids: 'text',
  place: 'bigint',
  stop: 'text',
  flags: 'int',
  since: 'text',
  unverified_from: 'bigint',
  due_at: 'bigint',
  attempts: 'text',
};

const NAMES = ROW_COLUMNS.join(', ');
const valuesOf = (alias: string): string => ROW_COLUMNS.map((column) => `${alias}.${column}`).join(', ');
const RECORD = ['no bigint', 'id text', ...ROW_COLUMNS.map((column) => `${column} ${TYPES[column]}`)].join(', ');

export const COMMIT = `
-- The timeline of the write-ahead log, which a promotion changes at once. (That of the control file lags.)
CREATE FUNCTION llamacloud_exporter.timeline() RETURNS text LANGUAGE sql AS $$
  SELECT pg_catalog.substr(pg_catalog.pg_walfile_name(pg_catalog.pg_current_wal_lsn()), 1, 8)
$$;

-- Locks the row of a project, if fence, last commit and timeline are those that the writer knows. Answers its next number; null: they are not.
CREATE FUNCTION llamacloud_exporter.lock_1(of_project int, of_fence bigint, of_commit uuid) RETURNS bigint LANGUAGE sql AS $$
  SELECT l.next_no FROM llamacloud_exporter.ledger l
  WHERE l.project = of_project AND l.fence = of_fence AND l.commit_id = of_commit
    AND (SELECT m.timeline FROM llamacloud_exporter.meta m) = llamacloud_exporter.timeline()
  FOR UPDATE OF l
$$;

-- False: not locked, and nothing was changed. Rows come as JSON without what is null; minutes and indexes as pairs.
-- Look-ups go by index whatever the planner believes of a table that was empty a moment ago.
CREATE FUNCTION llamacloud_exporter.commit_1(
  of_project int, of_fence bigint, of_commit uuid, new_commit uuid,
  new_value text, new_checksum bigint, new_next_no bigint, new_live bigint, new_tombstones bigint,
  lowest_added bigint, added json, changed json, minutes json, indexes json, malformed_ids json,
  cursors_n bigint, cursors_value text, cursors_seen bytea, cursors_checksum bigint
) RETURNS boolean LANGUAGE plpgsql
SET search_path = pg_catalog SET enable_seqscan = off AS $$
DECLARE
  first_free bigint := llamacloud_exporter.lock_1(of_project, of_fence, of_commit);
  c record;
BEGIN
  IF first_free IS NULL THEN RETURN false; END IF;
  IF lowest_added < first_free THEN RAISE EXCEPTION 'a new session has a used number' USING ERRCODE = 'LC001'; END IF;
  IF changed IS NOT NULL THEN
    -- One by one: as a join, the planner may scan the whole project for each of them.
    FOR c IN SELECT * FROM json_to_recordset(changed) AS x(${RECORD}) LOOP
      UPDATE llamacloud_exporter.session s SET (${NAMES}) = ROW(${valuesOf('c')})
      WHERE s.project = of_project AND s.no = c.no AND s.id = c.id;
      IF NOT FOUND THEN RAISE EXCEPTION 'a changed session is not there' USING ERRCODE = 'LC001'; END IF;
    END LOOP;
  END IF;
  IF added IS NOT NULL THEN
    INSERT INTO llamacloud_exporter.session (project, no, id, ${NAMES})
    SELECT of_project, a.no, a.id, ${valuesOf('a')} FROM json_to_recordset(added) AS a(${RECORD});
  END IF;
  IF minutes IS NOT NULL THEN
    INSERT INTO llamacloud_exporter.minute AS m (project, minute, n)
    SELECT of_project, (e ->> 0)::int, (e ->> 1)::int FROM json_array_elements(minutes) e
    ON CONFLICT (project, minute) DO UPDATE SET n = m.n + excluded.n;
  END IF;
  IF indexes IS NOT NULL THEN
    INSERT INTO llamacloud_exporter.index_count AS i (project, index_id, n)
    SELECT of_project, e ->> 0, (e ->> 1)::int FROM json_array_elements(indexes) e
    ON CONFLICT (project, index_id) DO UPDATE SET n = i.n + excluded.n;
    DELETE FROM llamacloud_exporter.index_count i WHERE i.project = of_project AND i.n = 0;
  END IF;
  IF malformed_ids IS NOT NULL THEN
    INSERT INTO llamacloud_exporter.malformed (project, id)
    SELECT of_project, e FROM json_array_elements_text(malformed_ids) e ON CONFLICT DO NOTHING;
  END IF;
  IF cursors_value IS NOT NULL THEN
    INSERT INTO llamacloud_exporter.cursors (project, fence, n, value, seen, checksum)
    VALUES (of_project, of_fence, cursors_n, cursors_value, cursors_seen, cursors_checksum)
    ON CONFLICT (project) DO UPDATE
    SET fence = excluded.fence, n = excluded.n, value = excluded.value, seen = excluded.seen, checksum = excluded.checksum;
  END IF;
  UPDATE llamacloud_exporter.ledger l
  SET commit_id = new_commit, rev = l.rev + 1, version = gen_random_uuid(), next_no = new_next_no, value = new_value,
    checksum = new_checksum, live = new_live, tombstones = new_tombstones
  WHERE l.project = of_project;
  RETURN true;
END $$;

-- A commit that removes the tombstones with these numbers.
CREATE FUNCTION llamacloud_exporter.purge_1(
  of_project int, of_fence bigint, of_commit uuid, new_commit uuid,
  new_value text, new_checksum bigint, new_tombstones bigint, numbers bigint[]
) RETURNS boolean LANGUAGE plpgsql SET search_path = pg_catalog SET enable_seqscan = off AS $$
DECLARE
  number bigint;
BEGIN
  IF llamacloud_exporter.lock_1(of_project, of_fence, of_commit) IS NULL THEN RETURN false; END IF;
  FOREACH number IN ARRAY numbers LOOP
    DELETE FROM llamacloud_exporter.session s
    WHERE s.project = of_project AND s.no = number AND s.deleted_at IS NOT NULL;
    IF NOT FOUND THEN RAISE EXCEPTION 'a tombstone is not there' USING ERRCODE = 'LC001'; END IF;
  END LOOP;
  UPDATE llamacloud_exporter.ledger l
  SET commit_id = new_commit, rev = l.rev + 1, version = gen_random_uuid(), value = new_value, checksum = new_checksum,
    tombstones = new_tombstones
  WHERE l.project = of_project;
  RETURN true;
END $$;

-- What the planner must avoid costs ten thousand million in its eyes: worth compiling, it believes, and each call takes half a second more.
ALTER FUNCTION llamacloud_exporter.commit_1 SET jit = off;
ALTER FUNCTION llamacloud_exporter.purge_1 SET jit = off;
`;
