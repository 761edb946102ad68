/** The complete answer in one format, compressed once and reused until something changes. */
import type { Format, Part } from '../../domain/serving.ts';
import type { Common } from '../common/common.ts';
import type { Live } from '../live/live.ts';
import { type CompressedChunk, finalChunk, gzipMember, sumOf } from './compressed-chunk.ts';
import type { RenderedSnapshot } from './encoding.ts';
import type { SnapshotBuilder } from './snapshot-builder.ts';

/** What answers are made of: the projects, what rules join with them, this process. */
export type Sources = { readonly builder: SnapshotBuilder; readonly common: Common; readonly live: Live };

/** Null: not in this part of the exposition. */
type Content = {
  readonly rendered: RenderedSnapshot | null;
  readonly common: CompressedChunk | null;
  readonly last: CompressedChunk;
  readonly buffer: Buffer;
};

/** The end of an answer without the exporter part, which ends by itself. */
const END: Readonly<Record<Format, CompressedChunk>> = { text: finalChunk(''), openmetrics: finalChunk('# EOF\n') };

/** The complete answer for one part in one format: made again only when what it is made of has changed. */
export class Body {
  readonly #part: Part;
  readonly #format: Format;
  readonly #sources: Sources;
  #content: Content | null = null;
  #answer: Promise<Buffer> | null = null;

  constructor(part: Part, format: Format, sources: Sources) {
    this.#part = part;
    this.#format = format;
    this.#sources = sources;
  }

  /** One gzip member. The snapshot builder must have the format open, unless projects are no part of it. */
  gzip(): Promise<Buffer> {
    if (this.#answer === null || !this.#isCurrent()) this.#answer = this.#make();
    return this.#answer;
  }

  #isCurrent(): boolean {
    if (this.#part !== 'projects' && !this.#sources.live.isCurrent(this.#format)) return false;
    return this.#content === null || this.#areProjects(this.#content);
  }

  async #make(): Promise<Buffer> {
    const { live } = this.#sources;
    const last = this.#part === 'projects' ? END[this.#format] : await live.compressedChunk(this.#format);
    if (this.#content?.last !== last || !this.#areProjects(this.#content)) this.#content = this.#assemble(last);
    return this.#content.buffer;
  }

  /** True when the content shows the projects, and what is joined with them, as they are now. */
  #areProjects({ rendered, common }: Content): boolean {
    return rendered === this.#rendered() && common === this.#common();
  }

  #rendered(): RenderedSnapshot | null {
    return this.#part === 'exporter' ? null : this.#sources.builder.rendered(this.#format);
  }

  #common(): CompressedChunk | null {
    return this.#part === 'exporter' ? null : this.#sources.common.compressedChunk(this.#format);
  }

  #assemble(last: CompressedChunk): Content {
    const [rendered, common] = [this.#rendered(), this.#common()];
    const ends = common === null ? [last] : [common, last];
    const sums = rendered === null ? ends : [rendered.sum, ...ends];
    return {
      rendered,
      common,
      last,
      buffer: gzipMember([...(rendered?.compressedChunks ?? []), ...ends], sumOf(sums)),
    };
  }
}
