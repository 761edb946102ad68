/** Schema 1: what only the holder of the census does: projects that join, change, leave and are forgotten. */

export const CENSUS = `
-- The clock of all members: microseconds UTC.
CREATE FUNCTION llamacloud_exporter.now_us() RETURNS bigint LANGUAGE sql AS $$
  SELECT (extract(epoch FROM pg_catalog.clock_timestamp()) * 1000000)::bigint
$$;

-- True, with the census held until the end of the statement, when this member has it under this fence.
CREATE FUNCTION llamacloud_exporter.holds_census_1(of_member uuid, of_fence bigint) RETURNS boolean LANGUAGE sql AS $$
  SELECT EXISTS (
    SELECT FROM llamacloud_exporter.census c WHERE c.member = of_member AND c.fence = of_fence FOR SHARE
  )
$$;

-- Inserts projects, or updates those that are known by their id. Who leaves or moves to another account loses its owner.
-- False: another member holds the census, and nothing was changed.
CREATE FUNCTION llamacloud_exporter.admit_1(
  of_member uuid, of_fence bigint, of_account text, account_discovered_at bigint, admissions json
) RETURNS boolean LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
  a record;
  p llamacloud_exporter.project%ROWTYPE;
BEGIN
  IF NOT llamacloud_exporter.holds_census_1(of_member, of_fence) THEN RETURN false; END IF;
  FOR a IN SELECT * FROM json_to_recordset(admissions) AS r(
    id text, name text, organization_id text, account text, is_default boolean, created_at bigint,
    epoch bigint, absences int, left_at bigint, value text, checksum bigint)
  LOOP
    SELECT * INTO p FROM llamacloud_exporter.project x WHERE x.id = a.id FOR UPDATE;
    IF NOT FOUND THEN
      INSERT INTO llamacloud_exporter.project
        (id, name, organization_id, account, is_default, created_at, epoch, admitted_at, absences, left_at)
      VALUES (a.id, a.name, a.organization_id, a.account, a.is_default, a.created_at, a.epoch,
        llamacloud_exporter.now_us(), a.absences, a.left_at)
      RETURNING * INTO p;
      INSERT INTO llamacloud_exporter.ledger (project, commit_id, version, value, checksum)
      VALUES (p.key, gen_random_uuid(), gen_random_uuid(), a.value, a.checksum);
    ELSIF (p.name, p.organization_id, p.account, p.is_default, p.created_at, p.absences, p.left_at)
      IS DISTINCT FROM (a.name, a.organization_id, a.account, a.is_default, a.created_at, a.absences, a.left_at)
      OR a.epoch < p.epoch
    THEN
      UPDATE llamacloud_exporter.project x
      SET name = a.name, organization_id = a.organization_id, account = a.account, is_default = a.is_default,
        created_at = a.created_at, absences = a.absences, left_at = a.left_at, epoch = LEAST(a.epoch, p.epoch)
      WHERE x.key = p.key;
      IF a.account <> p.account OR (a.left_at IS NOT NULL AND p.left_at IS NULL) THEN
        UPDATE llamacloud_exporter.ledger l
        SET version = gen_random_uuid(), owner = NULL, fence = l.fence + 1 WHERE l.project = p.key;
      ELSE
        UPDATE llamacloud_exporter.ledger l SET version = gen_random_uuid() WHERE l.project = p.key;
      END IF;
    END IF;
  END LOOP;
  IF account_discovered_at IS NOT NULL THEN
    INSERT INTO llamacloud_exporter.account AS o (name, discovered_at, up, projects)
    SELECT of_account, account_discovered_at, true, count(*) FROM llamacloud_exporter.project x
    WHERE x.account = of_account AND x.left_at IS NULL AND x.absences = 0
    ON CONFLICT (name) DO UPDATE SET discovered_at = excluded.discovered_at, up = true, projects = excluded.projects;
  END IF;
  RETURN true;
END $$;

-- Forgets projects that left before an instant: what they are and count at once, what they left behind in slices.
-- Null: another member holds the census; else whether there is more to do.
CREATE FUNCTION llamacloud_exporter.forget_1(of_member uuid, of_fence bigint, left_before bigint, most int)
RETURNS boolean LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
  gone int;
  last_of_slice bigint;
BEGIN
  IF NOT llamacloud_exporter.holds_census_1(of_member, of_fence) THEN RETURN NULL; END IF;
  FOR gone IN DELETE FROM llamacloud_exporter.project p WHERE p.left_at < left_before RETURNING p.key LOOP
    DELETE FROM llamacloud_exporter.ledger l WHERE l.project = gone;
    DELETE FROM llamacloud_exporter.cursors c WHERE c.project = gone;
    INSERT INTO llamacloud_exporter.forgotten (project) VALUES (gone);
  END LOOP;
  SELECT f.project INTO gone FROM llamacloud_exporter.forgotten f ORDER BY f.project LIMIT 1;
  IF NOT FOUND THEN RETURN false; END IF;
  SELECT x.no INTO last_of_slice FROM llamacloud_exporter.session x WHERE x.project = gone ORDER BY x.no OFFSET most LIMIT 1;
  DELETE FROM llamacloud_exporter.session s WHERE s.project = gone AND s.no <= coalesce(last_of_slice, 9223372036854775807);
  IF last_of_slice IS NULL THEN
    DELETE FROM llamacloud_exporter.malformed m WHERE m.project = gone;
    DELETE FROM llamacloud_exporter.minute m WHERE m.project = gone;
    DELETE FROM llamacloud_exporter.index_count i WHERE i.project = gone;
    DELETE FROM llamacloud_exporter.forgotten f WHERE f.project = gone;
  END IF;
  RETURN EXISTS (SELECT FROM llamacloud_exporter.forgotten);
END $$;
`;
