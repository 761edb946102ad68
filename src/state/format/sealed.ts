/** Totals, cursors and statistics as JSON with a checksum, and back; what an earlier version did not know of the first two is at rest. */
import { crc32 } from 'node:zlib';
import type { PollStats } from '../../domain/polls.ts';
import { type Cursors, NO_CURSORS } from '../../domain/store.ts';
import type { Totals } from '../../domain/totals.ts';
import { type StoredTotals, TOTALS_FORMAT, upgradeTotals } from './totals-format.ts';

/** A text together with the checksum that must be found beside it. */
export type Sealed = { readonly text: string; readonly checksum: number };

export function sealTotals(totals: Totals): Sealed {
  return sealJson({ format: TOTALS_FORMAT, ...totals });
}

/** Null when the checksum does not match. */
export function openTotals(text: string, checksum: number): Totals | null {
  return crc32(text) === checksum ? upgradeTotals(JSON.parse(text) as StoredTotals) : null;
}

export function sealStats(stats: PollStats): Sealed {
  return sealJson(stats);
}

/** Null when the checksum does not match. Kinds of events that an earlier version did not know are missing: the poller adds them. */
export function openStats(text: string, checksum: number): PollStats | null {
  return crc32(text) === checksum ? (JSON.parse(text) as PollStats) : null;
}

function sealJson(value: object): Sealed {
  const text = JSON.stringify(value);
  return { text, checksum: crc32(text) };
}

/** The bitmap of a running sweep goes into a column of its own. */
export type SealedCursors = Sealed & { readonly seen: Uint8Array | null };

export function sealCursors(cursors: Cursors): SealedCursors {
  const { sweep } = cursors;
  const seen = sweep?.seen ?? null;
  const text = JSON.stringify({ ...cursors, sweep: sweep && { ...sweep, seen: null } });
  return { text, seen, checksum: seal(text, seen) };
}

/** Null when the checksum does not match. */
export function openCursors(text: string, seen: Uint8Array | null, checksum: number): Cursors | null {
  if (seal(text, seen) !== checksum) return null;
  const cursors = { ...NO_CURSORS, ...(JSON.parse(text) as Cursors) };
  return cursors.sweep === null ? cursors : { ...cursors, sweep: { ...cursors.sweep, seen: seen ?? new Uint8Array() } };
}

function seal(text: string, seen: Uint8Array | null): number {
  const sum = crc32(text);
  return seen === null ? sum : crc32(seen, sum);
}
