/** All chunks of one format, compressed, in the order of the exposition. */
import type { Format } from '../../domain/serving.ts';
import type { Family } from '../families/sample.ts';
import { head } from '../render/lines.ts';
import { type Chunk, renderChunk } from './chunk.ts';
import { type CompressedChunk, openChunk, type Sum, sumOf } from './compressed-chunk.ts';
import type { ProjectOrder } from './project-order.ts';
import type { TimeSlicer } from './time-slicer.ts';

/** One family: its HELP and TYPE, and a chunk for each block of projects; `dirty` ones are to be rendered again. */
type Section = {
  readonly family: Family;
  readonly head: CompressedChunk;
  readonly chunks: (Chunk | null)[];
  readonly dirty: Set<number>;
};
type Rendered = { readonly section: Section; readonly block: number; readonly chunk: Chunk | null };

/** What can be served: replaced whole, never changed. */
export type RenderedSnapshot = {
  readonly compressedChunks: readonly CompressedChunk[];
  readonly sum: Sum;
  readonly bytes: number;
  readonly series: number;
};

export class Encoding {
  readonly #format: Format;
  readonly #sections: readonly Section[];
  #rendered: RenderedSnapshot | null;
  /** False while the rendered snapshot, if there is one, is another encoding's. */
  #isShown = false;

  /** `rendered`: what is shown until the first publication. */
  constructor(format: Format, families: readonly Family[], rendered: RenderedSnapshot | null = null) {
    this.#format = format;
    this.#rendered = rendered;
    this.#sections = families.map((family) => ({
      family,
      head: openChunk(head(family.metric, format)),
      chunks: [],
      dirty: new Set(),
    }));
  }

  /** The chunks of the last publication that is complete; null: there was none. */
  get rendered(): RenderedSnapshot | null {
    return this.#rendered;
  }

  /** Marks a chunk to be rendered again. `family` is the place of the family in the list given at construction. */
  mark(family: number, block: number): void {
    this.#sections[family]?.dirty.add(block);
  }

  markAll(blocks: number): void {
    for (const section of this.#sections) for (let block = 0; block < blocks; block++) section.dirty.add(block);
  }

  /** Renders the marked chunks beside the present ones. They stay marked until `show`, so that a failure loses nothing. */
  async render(order: ProjectOrder, slicer: TimeSlicer): Promise<readonly Rendered[]> {
    const rendered: Rendered[] = [];
    for (const section of this.#sections) {
      for (const block of section.dirty) {
        rendered.push({ section, block, chunk: renderChunk(section.family, order.block(block), this.#format) });
        await slicer.yieldIfLong();
      }
    }
    return rendered;
  }

  /** Replaces the rendered snapshot: all rendered chunks appear at once. */
  show(rendered: readonly Rendered[]): void {
    if (rendered.length === 0 && this.#isShown) return;
    this.#isShown = true;
    for (const { section, block, chunk } of rendered) {
      section.chunks[block] = chunk;
      section.dirty.delete(block);
    }
    this.#rendered = snapshotOf(this.#sections);
  }
}

function snapshotOf(sections: readonly Section[]): RenderedSnapshot {
  const chunks = sections.flatMap((section) => section.chunks.filter((chunk) => chunk !== null));
  const compressedChunks = sections.flatMap((section): CompressedChunk[] => [
    section.head,
    ...section.chunks.filter((chunk) => chunk !== null),
  ]);
  const total = (of: (chunk: Chunk) => number): number => chunks.reduce((sum, chunk) => sum + of(chunk), 0);
  const bytes = compressedChunks.reduce((sum, { deflated }) => sum + deflated.length, 0);
  return { compressedChunks, sum: sumOf(compressedChunks), bytes, series: total((chunk) => chunk.series) };
}
