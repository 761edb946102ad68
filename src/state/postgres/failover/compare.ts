/** After a failover: which projects have lost commits that this member had seen, so that their counters would step back. */
import { type Client, define } from '../members/database.ts';
import type { KnownProject } from '../refresh/project-rows.ts';

type Revision = { readonly project: number; readonly rev: number; readonly commitId: string };

const REVISIONS = define(
  'failover_revisions',
  ['project', 'rev', 'commitId'],
  'SELECT project, rev, commit_id FROM llamacloud_exporter.ledger',
);

/** Those of `seen` that the database has in an earlier revision, or in another one of the same number. */
export async function setBack(client: Client, seen: Iterable<KnownProject>): Promise<readonly KnownProject[]> {
  const rows = await client.query<Revision>(REVISIONS, []);
  const byProject = new Map(rows.map((row) => [row.project, row]));
  return [...seen].filter((known) => {
    const now = byProject.get(known.stored.key);
    return now !== undefined && isBehind(now, known);
  });
}

/** Whether the database lacks a commit that was seen. */
export function isBehind(now: Pick<Revision, 'rev' | 'commitId'>, seen: Pick<Revision, 'rev' | 'commitId'>): boolean {
  return now.rev < seen.rev || (now.rev === seen.rev && now.commitId !== seen.commitId);
}
