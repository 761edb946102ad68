/** After a failover: which projects have lost commits that this member had seen, so that their counters would step back. */
import { type Client, define } from '../members/database.ts';
import type { KnownProject } from '../refresh/project-rows.ts';

/** `shownFence` and `shownN`: of the last save of what is shown beside the totals, statistics of polls among it. */
type Revision = {
  readonly project: number;
  readonly rev: number;
  readonly commitId: string;
  readonly shownFence: number;
  readonly shownN: number;
};
type Compared = Omit<Revision, 'project'>;

const REVISIONS = define(
  'failover_revisions',
  ['project', 'rev', 'commitId', 'shownFence', 'shownN'],
  'SELECT project, rev, commit_id, shown_fence, shown_n FROM llamacloud_exporter.ledger',
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

/** Whether the database lacks a commit that was seen, or a save of what is shown: counters of polls would step back. */
export function isBehind(now: Compared, seen: Compared): boolean {
  if (now.rev !== seen.rev) return now.rev < seen.rev;
  return now.commitId !== seen.commitId || isShownBehind(now, seen);
}

function isShownBehind(now: Compared, seen: Compared): boolean {
  return now.shownFence < seen.shownFence || (now.shownFence === seen.shownFence && now.shownN < seen.shownN);
}
