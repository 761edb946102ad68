/** A chunk of the exposition: one family for one block of projects. */
import type { Format } from '../../domain/serving.ts';
import type { Family } from '../families/sample.ts';
import { sameSamples } from '../families/sample.ts';
import { lines } from '../render/lines.ts';
import { type CompressedChunk, openChunk } from './compressed-chunk.ts';
import type { Entry } from './project-order.ts';

export type Chunk = CompressedChunk & { readonly series: number };

/** The text of a chunk and its number of series; empty text when no project has one. */
export function chunkText(
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
export function renderChunk(family: Family, entries: readonly Entry[], format: Format): Chunk | null {
  const { text, series } = chunkText(family, entries, format);
  return text === '' ? null : { ...openChunk(text), series };
}

/** True when the family reads the same for both, so that no chunk has to be rendered again. */
export function unchanged(family: Family, before: Entry, after: Entry): boolean {
  return (
    before.labels === after.labels &&
    sameSamples(family.samples(before.view, before.context), family.samples(after.view, after.context))
  );
}
