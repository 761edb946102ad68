/** Reads claimed projects as they were committed last, with the cursors that their former owner saved. */
import type { Claimed, Owned } from '../../../domain/replicas.ts';
import type { Micros } from '../../../domain/time.ts';
import type { Fence } from '../owned.ts';
import { STORED_COLUMNS, STORED_FROM, type StoredColumns, toStored } from '../projects.ts';
import { CLOCK, type Client, define } from './database.ts';

type ClaimedColumns = readonly [...StoredColumns, fence: number, commitId: string, admittedAt: Micros, now: Micros];

/** A claimed project, and what its next commit must find in the database. */
export type ClaimedProject = { readonly claimed: Claimed; readonly fence: Fence };

const READ = define(
  'members_claimed',
  [],
  `
WITH ${CLOCK}
SELECT ${STORED_COLUMNS}, l.fence, l.commit_id, p.admitted_at, clock.now
FROM clock, ${STORED_FROM}
WHERE p.key = ANY($2::int[]) AND l.owner = $1::uuid
ORDER BY p.key`,
);

/** How many columns follow those of the stored project. */
const MORE = 4;

/** To be called after the claim: a commit of the former owner may have come before it. */
export async function readClaimed(
  client: Client,
  id: string,
  keys: readonly number[],
): Promise<readonly ClaimedProject[]> {
  const rows = await client.tuples<ClaimedColumns>(READ, [id, keys]);
  return rows.map((row) => {
    const stored = toStored(row.slice(0, -MORE) as unknown as StoredColumns, client.location);
    const [fence, commitId, admittedAt, now] = row.slice(-MORE) as [number, string, Micros, Micros];
    const claimed = { key: stored.key as Owned, stored, admittedFor: Math.max(0, now - admittedAt) };
    return { claimed, fence: { fence, commitId } };
  });
}
