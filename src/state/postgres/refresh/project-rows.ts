/** The third statement of a refresh: the projects that differ, whole. */
import type { Activity, IndexCounts, PollStats } from '../../../domain/polls.ts';
import { NO_CURSORS, type StoredProject } from '../../../domain/store.ts';
import type { Micros } from '../../../domain/time.ts';
import { openTotals } from '../../format/sealed.ts';
import { damaged } from '../errors.ts';
import { type Client, define, selectList } from '../members/database.ts';
import { VERSION_HASH } from './situation.ts';

/** What is published of a project beside its totals, as its owner saved it; instants on the clock of the database where not said otherwise. */
export type Shown = {
  readonly polls: PollStats;
  /** Server time. */
  readonly seenUpTo: Micros | null;
  /** Server time. */
  readonly oldestUnverified: Micros | null;
  readonly activity: Activity | null;
  readonly indexes: IndexCounts | null;
  readonly freshUntil: Micros | null;
};

/** A project as it is committed. `stored` has no cursors: those belong to its owner. */
export type KnownProject = {
  readonly stored: StoredProject;
  /** Null: nobody has polled it yet. */
  readonly shown: Shown | null;
  readonly versionHash: bigint;
  readonly owner: string | null;
  readonly fence: number;
  /** The number of its commits, and the last one. */
  readonly rev: number;
  readonly commitId: string;
  /** Of the last save of `shown`: the fence of its writer, and its number under that fence. */
  readonly shownFence: number;
  readonly shownN: number;
  readonly admittedAt: Micros;
};

/** What `toKnown` takes, for the aliases `l` (ledger) and `p` (project). */
export const PROJECT_COLUMNS = {
  key: 'l.project',
  versionHash: `${VERSION_HASH}::text`,
  owner: 'l.owner',
  fence: 'l.fence',
  rev: 'l.rev',
  commitId: 'l.commit_id',
  value: 'l.value',
  checksum: 'l.checksum',
  shown: 'l.shown',
  shownFence: 'l.shown_fence',
  shownN: 'l.shown_n',
  id: 'p.id',
  name: 'p.name',
  organizationId: 'p.organization_id',
  account: 'p.account',
  isDefault: 'p.is_default',
  createdAt: 'p.created_at',
  epoch: 'p.epoch',
  admittedAt: 'p.admitted_at',
  absences: 'p.absences',
  leftAt: 'p.left_at',
};

export type ProjectRow = Omit<KnownProject, 'stored' | 'shown' | 'versionHash'> &
  Pick<StoredProject, 'key' | 'epoch' | 'absences' | 'leftAt'> &
  StoredProject['project'] & {
    readonly versionHash: string;
    readonly value: string;
    readonly checksum: number;
    readonly shown: string | null;
  };

const PROJECTS = define(
  'refresh_projects',
  Object.keys(PROJECT_COLUMNS),
  `
SELECT ${selectList(PROJECT_COLUMNS)}
FROM llamacloud_exporter.ledger AS l JOIN llamacloud_exporter.project AS p ON p.key = l.project
WHERE l.project = ANY($1::int[])`,
);

export async function readProjects(client: Client, keys: readonly number[]): Promise<readonly KnownProject[]> {
  const rows = await client.query<ProjectRow>(PROJECTS, [keys]);
  return rows.map((row) => toKnown(row, client.location));
}

/** Throws an ExporterError of code `startup` where totals do not match their checksum. */
export function toKnown(row: ProjectRow, location: string): KnownProject {
  const { key, id, name, organizationId, account, isDefault, createdAt, epoch, absences, leftAt } = row;
  const totals = openTotals(row.value, row.checksum);
  if (totals === null) throw damaged(location, `the totals of project ${id} do not match their checksum`);
  const shown = row.shown === null ? null : (JSON.parse(row.shown) as Shown);
  const project = { id, name, organizationId, account, isDefault, createdAt };
  const stats = shown?.polls ?? null;
  return {
    stored: { key, project, epoch, absences, leftAt, totals, cursors: NO_CURSORS, stats },
    shown,
    versionHash: BigInt(row.versionHash),
    owner: row.owner,
    fence: row.fence,
    rev: row.rev,
    commitId: row.commitId,
    shownFence: row.shownFence,
    shownN: row.shownN,
    admittedAt: row.admittedAt,
  };
}
