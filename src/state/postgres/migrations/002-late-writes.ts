/** Schema 2: what arrives late is refused: a save of what is shown after a later one, and a discovery from before a failover. */

/** Also for databases that a build between two releases has made: these have it all as schema 1. */
export const LATE_WRITES = `
-- Under which fence shown was written, and a number that rises with each write under that fence.
ALTER TABLE llamacloud_exporter.ledger
  ADD COLUMN IF NOT EXISTS shown_fence bigint NOT NULL DEFAULT 0,
  ADD COLUMN IF NOT EXISTS shown_n bigint NOT NULL DEFAULT 0;

-- As in schema 1, but not while a failover pauses all members: what was discovered before it must not move the epoch of a project that is renewed.
CREATE OR REPLACE FUNCTION llamacloud_exporter.holds_census_1(of_member uuid, of_fence bigint) RETURNS boolean LANGUAGE sql AS $$
  SELECT EXISTS (
    SELECT FROM llamacloud_exporter.census c
    WHERE c.member = of_member AND c.fence = of_fence
      AND (SELECT m.timeline FROM llamacloud_exporter.meta m) = llamacloud_exporter.timeline()
    FOR SHARE OF c
  )
$$;
`;
