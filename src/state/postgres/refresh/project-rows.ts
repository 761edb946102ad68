/** The third statement of a refresh: the projects that differ, whole. */
import { ExporterError } from '../../../domain/errors.ts';
import type { Activity, IndexCounts, PollStats } from '../../../domain/polls.ts';
import { NO_CURSORS, type StoredProject } from '../../../domain/store.ts';
import type { Micros } from '../../../domain/time.ts';
import { openTotals } from '../../format/sealed.ts';
import { type Client, type Statement } from '../members/database.ts';
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
  readonly admittedAt: Micros;
};

/** The columns that `toKnown` takes, for the aliases `l` (ledger) and `p` (project). */
export const PROJECT_COLUMNS = `
  l.project AS key, ${VERSION_HASH}::text AS "versionHash", l.owner, l.fence, l.rev, l.commit_id AS "commitId", l.value, l.checksum,
  l.shown, p.id, p.name, p.organization_id AS "organizationId", p.account, p.is_default AS "isDefault", p.created_at AS "createdAt",
  p.epoch, p.admitted_at AS "admittedAt", p.absences, p.left_at AS "leftAt"`;

export type ProjectRow = Omit<KnownProject, 'stored' | 'shown' | 'versionHash'> &
  Pick<StoredProject, 'key' | 'epoch' | 'absences' | 'leftAt'> &
  StoredProject['project'] & {
    readonly versionHash: string;
    readonly value: string;
    readonly checksum: number;
    readonly shown: string | null;
  };

const PROJECTS: Statement = {
  name: 'refresh_projects',
  text: `
SELECT ${PROJECT_COLUMNS}
FROM llamacloud_exporter.ledger AS l JOIN llamacloud_exporter.project AS p ON p.key = l.project
WHERE l.project = ANY($1::int[])`,
};

export async function readProjects(client: Client, keys: readonly number[]): Promise<readonly KnownProject[]> {
  const rows = await client.query<ProjectRow>(PROJECTS, [keys]);
  return rows.map(toKnown);
}

/** Throws an ExporterError of code `startup` where totals do not match their checksum. */
export function toKnown(row: ProjectRow): KnownProject {
  const { key, id, name, organizationId, account, isDefault, createdAt, epoch, absences, leftAt } = row;
  const totals = openTotals(row.value, row.checksum);
  if (totals === null) throw damaged(id);
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
    admittedAt: row.admittedAt,
  };
}

function damaged(projectId: string): ExporterError {
  return new ExporterError(
    'startup',
    `The state in PostgreSQL is damaged: the totals of project ${projectId} do not match their checksum.`,
    'Restore a backup and run `llamacloud-exporter state renew`, or drop the schema llamacloud_exporter: counters then restart at 0.',
  );
}
