import type { Format, Part } from '../../domain/serving.ts';
import type { Common } from '../common/common.ts';
import type { Live } from '../live/live.ts';
import type { Board } from './board.ts';
import { finalPiece, gzipMember, type Piece, sumOf } from './piece.ts';
import type { Face } from './sheet.ts';

/** What answers are made of: the projects, what rules join with them, this process. */
export type Sources = { readonly board: Board; readonly common: Common; readonly live: Live };

/** Null: not in this part of the exposition. */
type Content = {
  readonly face: Face | null;
  readonly common: Piece | null;
  readonly last: Piece;
  readonly buffer: Buffer;
};

/** The end of an answer without the exporter part, which ends by itself. */
const END: Readonly<Record<Format, Piece>> = { text: finalPiece(''), openmetrics: finalPiece('# EOF\n') };

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

  /** One gzip member. The board must have the format open, unless projects are no part of it. */
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
    const last = this.#part === 'projects' ? END[this.#format] : await live.piece(this.#format);
    if (this.#content?.last !== last || !this.#areProjects(this.#content)) this.#content = this.#assemble(last);
    return this.#content.buffer;
  }

  /** True when the content shows the projects, and what is joined with them, as they are now. */
  #areProjects({ face, common }: Content): boolean {
    return face === this.#face() && common === this.#common();
  }

  #face(): Face | null {
    return this.#part === 'exporter' ? null : this.#sources.board.face(this.#format);
  }

  #common(): Piece | null {
    return this.#part === 'exporter' ? null : this.#sources.common.piece(this.#format);
  }

  #assemble(last: Piece): Content {
    const [face, common] = [this.#face(), this.#common()];
    const ends = common === null ? [last] : [common, last];
    const sums = face === null ? ends : [face.sum, ...ends];
    return { face, common, last, buffer: gzipMember([...(face?.pieces ?? []), ...ends], sumOf(sums)) };
  }
}
