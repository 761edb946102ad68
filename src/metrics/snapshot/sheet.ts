/** All cells of one format: deflated, in the order of the exposition. */
import type { Format } from '../../domain/serving.ts';
import type { Family } from '../families/sample.ts';
import { head } from '../render/lines.ts';
import type { Breather } from './breather.ts';
import { type Cell, renderCell } from './cell.ts';
import { openPiece, type Piece, type Sum, sumOf } from './piece.ts';
import type { Slots } from './slots.ts';

type Band = {
  readonly family: Family;
  readonly head: Piece;
  readonly cells: (Cell | null)[];
  readonly dirty: Set<number>;
};
type Rendered = { readonly band: Band; readonly block: number; readonly cell: Cell | null };

/** What can be served: replaced whole, never changed. */
export type Face = {
  readonly pieces: readonly Piece[];
  readonly sum: Sum;
  readonly bytes: number;
  readonly series: number;
};

export class Sheet {
  readonly #format: Format;
  readonly #bands: readonly Band[];
  #face: Face | null;
  /** False while the face, if there is one, is another sheet's. */
  #isShown = false;

  /** `face`: what is shown until the first publication. */
  constructor(format: Format, families: readonly Family[], face: Face | null = null) {
    this.#format = format;
    this.#face = face;
    this.#bands = families.map((family) => ({
      family,
      head: openPiece(head(family.metric, format)),
      cells: [],
      dirty: new Set(),
    }));
  }

  /** The cells of the last publication that is complete; null: there was none. */
  get face(): Face | null {
    return this.#face;
  }

  /** Marks a cell to be rendered again. `family` is the place of the family in the list given at construction. */
  mark(family: number, block: number): void {
    this.#bands[family]?.dirty.add(block);
  }

  markAll(blocks: number): void {
    for (const band of this.#bands) for (let block = 0; block < blocks; block++) band.dirty.add(block);
  }

  /** Renders the marked cells beside the present ones. They stay marked until `show`, so that a failure loses nothing. */
  async render(slots: Slots, breather: Breather): Promise<readonly Rendered[]> {
    const rendered: Rendered[] = [];
    for (const band of this.#bands) {
      for (const block of band.dirty) {
        rendered.push({ band, block, cell: renderCell(band.family, slots.block(block), this.#format) });
        await breather.breathe();
      }
    }
    return rendered;
  }

  /** Replaces the face: all rendered cells appear at once. */
  show(rendered: readonly Rendered[]): void {
    if (rendered.length === 0 && this.#isShown) return;
    this.#isShown = true;
    for (const { band, block, cell } of rendered) {
      band.cells[block] = cell;
      band.dirty.delete(block);
    }
    this.#face = faceOf(this.#bands);
  }
}

function faceOf(bands: readonly Band[]): Face {
  const cells = bands.flatMap((band) => band.cells.filter((cell) => cell !== null));
  const pieces = bands.flatMap((band): Piece[] => [band.head, ...band.cells.filter((cell) => cell !== null)]);
  const total = (of: (cell: Cell) => number): number => cells.reduce((sum, cell) => sum + of(cell), 0);
  const bytes = pieces.reduce((sum, { deflated }) => sum + deflated.length, 0);
  return { pieces, sum: sumOf(pieces), bytes, series: total((cell) => cell.series) };
}
