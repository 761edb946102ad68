/** Claims and releases: how a project gets another owner. Each claim raises the project's fence, so that the former owner cannot commit. */
import type { Micros } from '../../../domain/time.ts';
import { CLOCK, type Client, define, stands } from './database.ts';

/** Who claims, under which rules. */
export type Claimer = { readonly id: string; readonly rules: string; readonly lease: Micros };

/**
 * Projects are compared by fence once they are locked: what another member has claimed since the look at the owners is left alone. A row
 * that is locked is passed over, and comes with a later turn.
 */
const CLAIM = define(
  'members_claim',
  ['project'],
  `
WITH ${CLOCK},
  self AS MATERIALIZED (
SELECT m.id FROM clock, llamacloud_exporter.member AS m, llamacloud_exporter.meta
WHERE m.id = $1::uuid AND ${stands('m.lease_until', '$3')} AND meta.rules = $4 AND meta.timeline = llamacloud_exporter.timeline()),
  living AS MATERIALIZED (
SELECT m.id, m.stood_since <= clock.now - $3::bigint AS has_stood
FROM clock, llamacloud_exporter.member AS m WHERE ${stands('m.lease_until', '$3')}),
  seen AS MATERIALIZED (
SELECT l.project, l.fence
FROM self, llamacloud_exporter.ledger AS l JOIN llamacloud_exporter.project AS p ON p.key = l.project
WHERE l.project = ANY($2::int[]) AND p.left_at IS NULL
  AND (l.owner IS NULL OR l.owner = $1::uuid
    OR (EXISTS (SELECT FROM living WHERE living.has_stood) AND NOT EXISTS (SELECT FROM living WHERE living.id = l.owner)))),
  locked AS MATERIALIZED (
SELECT l.project FROM llamacloud_exporter.ledger AS l JOIN seen ON seen.project = l.project AND seen.fence = l.fence
ORDER BY l.project FOR UPDATE OF l SKIP LOCKED)
UPDATE llamacloud_exporter.ledger AS l SET owner = $1::uuid, fence = l.fence + 1, version = gen_random_uuid()
FROM locked WHERE l.project = locked.project
RETURNING l.project`,
);

const RELEASE = define(
  'members_release',
  [],
  `
UPDATE llamacloud_exporter.ledger AS l SET owner = NULL, version = gen_random_uuid()
FROM unnest($2::int[], $3::bigint[]) AS mine (project, fence)
WHERE l.project = mine.project AND l.fence = mine.fence AND l.owner = $1::uuid`,
);

/** Claims those of `keys` that are free, or whose owner's lease has ended. Answers the keys that are owned now. */
export async function claimProjects(
  client: Client,
  { id, rules, lease }: Claimer,
  keys: readonly number[],
): Promise<readonly number[]> {
  const rows = await client.query<{ readonly project: number }>(CLAIM, [id, keys, lease, rules]);
  return rows.map(({ project }) => project);
}

/** Frees projects that `id` owns under these fences; others are left alone. */
export async function releaseProjects(client: Client, id: string, fences: ReadonlyMap<number, number>): Promise<void> {
  if (fences.size > 0) await client.query(RELEASE, [id, [...fences.keys()], [...fences.values()]]);
}
