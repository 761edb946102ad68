import type { Format } from '../../domain/serving.ts';
import type { Live } from '../live/live.ts';
import type { Board } from './board.ts';
import { finalPiece, gzipMember, type Piece, sumOf } from './piece.ts';
import type { Face } from './sheet.ts';

type Content = { readonly face: Face; readonly text: string; readonly live: Piece; readonly buffer: Buffer };

/** The complete answer in one format: made again only when the cells or the live part have changed. */
export class Body {
  readonly #format: Format;
  readonly #board: Board;
  readonly #live: Live;
  #content: Content | null = null;
  #answer: Promise<Buffer> | null = null;

  constructor(format: Format, board: Board, live: Live) {
    this.#format = format;
    this.#board = board;
    this.#live = live;
  }

  /** One gzip member. The board must have the format open. */
  gzip(): Promise<Buffer> {
    if (this.#answer === null || !this.#isCurrent()) this.#answer = this.#make();
    return this.#answer;
  }

  #isCurrent(): boolean {
    const face = this.#content?.face ?? null;
    return this.#live.isCurrent(this.#format) && (face === null || face === this.#board.face(this.#format));
  }

  async #make(): Promise<Buffer> {
    const text = await this.#live.text(this.#format);
    const face = this.#board.face(this.#format) as Face;
    if (this.#content?.face !== face || this.#content.text !== text) this.#content = this.#assemble(face, text);
    return this.#content.buffer;
  }

  #assemble(face: Face, text: string): Content {
    const live = this.#content?.text === text ? this.#content.live : finalPiece(text);
    return { face, text, live, buffer: gzipMember([...face.pieces, live], sumOf([face.sum, live])) };
  }
}
