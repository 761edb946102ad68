/**
 * Totals as the ledger stores them. PostgreSQL keeps rows of less than 2 kB in one piece, and every refresh scans the ledger: so a short text
 * is padded with spaces, which JSON allows, and is then stored outside of its row as longer ones are.
 */
import { crc32 } from 'node:zlib';
import type { Totals } from '../../domain/totals.ts';
import { type Sealed, sealTotals } from '../format/sealed.ts';

/** Beyond PostgreSQL's TOAST_TUPLE_THRESHOLD, 2,032 bytes. */
const LONG_ENOUGH = 2_048;

export function sealOutside(totals: Totals): Sealed {
  const sealed = sealTotals(totals);
  if (sealed.text.length >= LONG_ENOUGH) return sealed;
  const text = sealed.text.padEnd(LONG_ENOUGH);
  return { text, checksum: crc32(text) };
}
