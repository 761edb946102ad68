/** Reads claimed projects as they were committed last, with the cursors that their former owner saved. */
import type { Claimed, Owned } from '../../../domain/replicas.ts';
import { type Cursors, NO_CURSORS } from '../../../domain/store.ts';
import type { Micros } from '../../../domain/time.ts';
import { openCursors } from '../../format/sealed.ts';
import { type Fence } from '../owned.ts';
import { PROJECT_COLUMNS, type ProjectRow, toKnown } from '../refresh/project-rows.ts';
import { CLOCK, type Client, define, selectList } from './database.ts';

type ClaimedRow = ProjectRow & {
  readonly now: Micros;
  readonly cursors: string | null;
  readonly seen: Uint8Array | null;
  readonly cursorsChecksum: number | null;
};

/** A claimed project, and what its next commit must find in the database. */
export type ClaimedProject = { readonly claimed: Claimed; readonly fence: Fence };

const COLUMNS = {
  now: 'clock.now',
  ...PROJECT_COLUMNS,
  cursors: 'c.value',
  seen: 'c.seen',
  cursorsChecksum: 'c.checksum',
};

const READ = define(
  'members_claimed',
  Object.keys(COLUMNS),
  `
WITH ${CLOCK}
SELECT ${selectList(COLUMNS)}
FROM clock, llamacloud_exporter.ledger AS l JOIN llamacloud_exporter.project AS p ON p.key = l.project
  LEFT JOIN llamacloud_exporter.cursors AS c ON c.project = l.project
WHERE l.project = ANY($2::int[]) AND l.owner = $1::uuid
ORDER BY l.project`,
);

/** To be called after the claim: a commit of the former owner may have come before it. */
export async function readClaimed(
  client: Client,
  id: string,
  keys: readonly number[],
): Promise<readonly ClaimedProject[]> {
  const rows = await client.query<ClaimedRow>(READ, [id, keys]);
  return rows.map((row) => {
    const { stored, fence, commitId } = toKnown(row);
    const claimed = {
      key: row.key as Owned,
      stored: { ...stored, cursors: cursorsOf(row) },
      admittedFor: Math.max(0, row.now - row.admittedAt),
    };
    return { claimed, fence: { fence, commitId } };
  });
}

/** Cursors only save requests: where they do not match their checksum the list is read from the top. */
function cursorsOf({ cursors, seen, cursorsChecksum }: ClaimedRow): Cursors {
  if (cursors === null || cursorsChecksum === null) return NO_CURSORS;
  return openCursors(cursors, seen, cursorsChecksum) ?? NO_CURSORS;
}
