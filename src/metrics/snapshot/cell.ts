/** A cell: one family for the projects of one block. */
import type { Format } from '../../domain/serving.ts';
import type { Family } from '../families/sample.ts';
import { sameSamples } from '../families/sample.ts';
import { lines } from '../render/lines.ts';
import { openPiece, type Piece } from './piece.ts';
import type { Entry } from './slots.ts';

export type Cell = Piece & { readonly series: number };

/** The text of a cell and its number of series; empty text when no project has one. */
export function cellText(
  family: Family,
  entries: readonly Entry[],
  format: Format,
): { readonly text: string; readonly series: number } {
  let text = '';
  let series = 0;
  for (const { view, context, labels } of entries) {
    const samples = family.samples(view, context);
    series += samples.length;
    text += lines(family.metric, labels, samples, format);
  }
  return { text, series };
}

/** Null when no project has a series. */
export function renderCell(family: Family, entries: readonly Entry[], format: Format): Cell | null {
  const { text, series } = cellText(family, entries, format);
  return text === '' ? null : { ...openPiece(text), series };
}

/** True when the family reads the same for both, so that no cell has to be rendered again. */
export function unchanged(family: Family, before: Entry, after: Entry): boolean {
  return (
    before.labels === after.labels &&
    sameSamples(family.samples(before.view, before.context), family.samples(after.view, after.context))
  );
}
