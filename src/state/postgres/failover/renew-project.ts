/**
 * Renewal of one project: its counters begin again at 0, and what is recorded becomes the baseline. Gauges, numbers and tombstones belong to
 * the rows, which stay.
 */

import type { PolledProject } from '../../../domain/project.ts';
import { NO_CURSORS } from '../../../domain/store.ts';
import type { Micros } from '../../../domain/time.ts';
import type { Totals } from '../../../domain/totals.ts';
import { sealCursors } from '../../format/sealed.ts';
import { patient } from '../connection.ts';
import { CLOCK, type Client, define, selectList } from '../members/database.ts';
import { sealOutside } from '../outside.ts';
import { type KnownProject, PROJECT_COLUMNS, type ProjectRow, toKnown } from '../refresh/project-rows.ts';

/** Totals of a project whose counters begin now, under the rules of this process. */
export type ZeroTotals = (project: PolledProject) => Totals;

const COLUMNS = { now: 'clock.now', ...PROJECT_COLUMNS };

const READ = define(
  'renew_read',
  Object.keys(COLUMNS),
  `
WITH ${CLOCK}
SELECT ${selectList(COLUMNS)}
FROM clock, llamacloud_exporter.ledger AS l JOIN llamacloud_exporter.project AS p ON p.key = l.project
WHERE l.project = $1`,
);

const RENEWED = define(
  'renew_write',
  ['project'],
  `
WITH renewed AS (
    UPDATE llamacloud_exporter.ledger SET owner = NULL, fence = fence + 1, commit_id = gen_random_uuid(), version = gen_random_uuid(),
      rev = $4, value = $5, checksum = $6, shown = NULL
    WHERE project = $1 AND fence = $2 AND commit_id = $3::uuid
    RETURNING project, fence),
  epoch AS (UPDATE llamacloud_exporter.project AS p SET epoch = $7 FROM renewed WHERE p.key = renewed.project),
  cursors AS (
    INSERT INTO llamacloud_exporter.cursors (project, fence, n, value, checksum)
    SELECT project, fence, 0, $8, $9 FROM renewed
    ON CONFLICT (project) DO UPDATE SET fence = excluded.fence, n = 0, value = excluded.value, seen = NULL, checksum = excluded.checksum,
      stats = NULL, stats_checksum = NULL),
  sessions AS (
    UPDATE llamacloud_exporter.session AS s
    SET fillable = 0, place = NULL, stop = NULL, flags = NULL, since = NULL, unverified_from = NULL, due_at = NULL, attempts = NULL
    FROM renewed
    WHERE s.project = renewed.project AND (s.fillable <> 0 OR s.place IS NOT NULL OR s.stop IS NOT NULL OR s.flags IS NOT NULL
      OR s.since IS NOT NULL OR s.unverified_from IS NOT NULL OR s.due_at IS NOT NULL OR s.attempts IS NOT NULL))
SELECT project FROM renewed`,
);

/** It writes every session that has a history: a million take some 20 s. */
const LONGEST_MS = 300_000;
const RENEW = { ...RENEWED, named: patient(RENEWED.named, LONGEST_MS) };

const MAX_ATTEMPTS = 5;

/**
 * Renews a project unless it has gone, or has had more than `rev` commits since. The number of its commits is above `rev` afterwards, so
 * that others who have seen as much do not renew it again. Answers whether it was renewed here.
 */
export async function renewProject(client: Client, key: number, rev: number, zeroTotals: ZeroTotals): Promise<boolean> {
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
    const [row] = await client.query<ProjectRow & { readonly now: Micros }>(READ, [key]);
    if (row === undefined || row.rev > rev) return false;
    if (await write(client, toKnown(row, client.location), rev + 1, row.now, zeroTotals)) return true;
  }
  return false;
}

async function write(
  client: Client,
  known: KnownProject,
  rev: number,
  now: Micros,
  zeroTotals: ZeroTotals,
): Promise<boolean> {
  const { stored, fence, commitId } = known;
  const totals = sealOutside(renewedTotals(stored.totals, zeroTotals(stored.project)));
  const cursors = sealCursors({ ...NO_CURSORS, watermark: now, lastWholePoll: now });
  const done = await client.query(RENEW, [
    stored.key,
    fence,
    commitId,
    rev,
    totals.text,
    totals.checksum,
    now,
    cursors.text,
    cursors.checksum,
  ]);
  return done.length > 0;
}

/** No sweep counts as whole any more: what is first seen from now on may have run before. */
function renewedTotals(before: Totals, zero: Totals): Totals {
  const { gauges, sweeps, nextNo, tombstones } = before;
  const indexedFrom = zero.indexedFrom === null ? null : (before.indexedFrom ?? sweeps);
  return { ...zero, gauges, sweeps, nextNo, tombstones, indexedFrom };
}
