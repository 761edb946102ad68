/** A commit as the parameters of its statement. */
import { ExporterError } from '../../domain/errors.ts';
import { NO_HISTORY, type Row, type RowChange } from '../../domain/row.ts';
import type { Commit } from '../../domain/store.ts';
import type { Totals } from '../../domain/totals.ts';
import { optionalJson, outcomeOf } from '../format/codec.ts';
import { historyValues } from '../format/history-columns.ts';
import { sealCursors } from '../format/sealed.ts';
import { sealOutside } from './outside.ts';

/** Sessions that are no tombstones. */
export function liveOf({ gauges }: Totals): number {
  return gauges.ok + gauges.error + gauges.neverRun;
}

/** The parameters of `commit_1` after the four that every change has. `n`: the number of this save of cursors. */
export function commitValues(commit: Commit, n: number): unknown[] {
  const { changes, totals, minutes, indexes, malformed } = commit;
  const added: object[] = [];
  const changed = new Map<number, object>();
  let lowest = Number.POSITIVE_INFINITY;
  for (const change of changes) {
    const { row, isNew } = change;
    if (row.no >= totals.nextNo) throw misnumbered(change);
    if (!isNew) changed.set(row.no, recordOf(row));
    else {
      added.push(recordOf(row));
      if (row.no < lowest) lowest = row.no;
    }
  }
  const { text, checksum } = sealOutside(totals);
  const cursors = commit.cursors === null ? null : sealCursors(commit.cursors);
  return [
    text,
    checksum,
    totals.nextNo,
    liveOf(totals),
    totals.tombstones,
    added.length === 0 ? null : lowest,
    listed(added),
    listed([...changed.values()]),
    listed([...minutes].filter(([, count]) => count !== 0)),
    listed([...indexes].filter(([, count]) => count !== 0)),
    listed([...new Set(malformed)]),
    cursors === null ? null : n,
    cursors?.text ?? null,
    cursors?.seen ?? null,
    cursors?.checksum ?? null,
  ];
}

function listed(values: readonly unknown[]): string | null {
  return values.length === 0 ? null : JSON.stringify(values);
}

/** The columns of a row by their names; those that are null are mostly left out. */
function recordOf(row: Row): object {
  const f = row.figures;
  const shown = {
    no: row.no,
    id: row.id,
    updated_at: row.updatedAt,
    outcome: outcomeOf(f),
    duration_us: f?.durationUs,
    input_tokens: f?.inputTokens,
    output_tokens: f?.outputTokens,
    turns: f?.turns,
    error_hash: f?.errorHash ?? undefined,
    error_class: f === null ? undefined : (row.errorClass ?? undefined),
  };
  return isOnlyShown(row) ? shown : { ...shown, ...restOf(row) };
}

function isOnlyShown(row: Row): boolean {
  return (
    row.history === NO_HISTORY &&
    row.fillable === 0 &&
    row.stale === null &&
    row.missingSince === null &&
    row.deletedAt === null &&
    row.indexIds === null
  );
}

function restOf(row: Row): object {
  const [place, stop, flags, since, unverifiedFrom, dueAt, attempts] = historyValues(row.history, row.figures);
  return {
    fillable: row.fillable === 0 ? undefined : row.fillable,
    stale: optionalJson(row.stale) ?? undefined,
    missing_since: row.missingSince ?? undefined,
    deleted_at: row.deletedAt ?? undefined,
    index_ids: optionalJson(row.indexIds) ?? undefined,
    place: place ?? undefined,
    stop: stop ?? undefined,
    flags: flags ?? undefined,
    since: since ?? undefined,
    unverified_from: unverifiedFrom ?? undefined,
    due_at: dueAt ?? undefined,
    attempts: attempts ?? undefined,
  };
}

/** A fault of our own code: refused before it can spoil a sum. */
function misnumbered({ row, isNew }: RowChange): ExporterError {
  return new ExporterError(
    'state',
    `The state refused ${isNew ? 'a new' : 'a changed'} session with the number ${row.no}.`,
    'This is a defect of the exporter: please report it. Restarting it reads the state again.',
  );
}
