/** The rows of one page, in page order, so that looking them up in that order needs no hash map. */
import type { Row } from '../../domain/row.ts';
import type { RecordedRows } from '../../domain/store.ts';
import { type SessionColumns, toRow } from '../format/codec.ts';

export class RowsById implements RecordedRows {
  lowest = Number.POSITIVE_INFINITY;
  highest = Number.NEGATIVE_INFINITY;
  /** Rows found so far. */
  count = 0;
  readonly #ids: readonly string[];
  /** The row of an id that occurs twice is at its first place only. */
  readonly #rows: (Row | undefined)[] = [];
  #places: Map<string, number> | null = null;
  #next = 0;

  constructor(ids: readonly string[]) {
    this.#ids = ids;
  }

  get(id: string): Row | undefined {
    if (this.count === 0) return undefined;
    if (this.#next >= this.#ids.length) this.#next = 0;
    const place = this.#ids[this.#next] === id ? this.#next : this.#placeOf(id);
    if (place === undefined) return undefined;
    this.#next = place + 1;
    return this.#rows[place] ?? this.#rows[this.#placeOf(id) ?? place];
  }

  /** Keeps the rows that were asked for. Rows in the order of the ids, the usual case, need no search. */
  take(rows: readonly SessionColumns[]): void {
    let place = 0;
    for (const columns of rows) {
      if (this.#ids[place] !== columns[1]) place = this.#placeOf(columns[1]) ?? place;
      const id = this.#ids[place];
      if (id !== columns[1]) continue;
      this.#keep(place, toRow(columns, id));
      place++;
    }
  }

  /** The ids without a row. */
  missing(): readonly string[] {
    if (this.count === this.#ids.length) return [];
    if (this.count === 0) return this.#ids;
    return this.#ids.filter((id, place) => this.#rows[place] === undefined && this.#placeOf(id) === place);
  }

  numberAt(place: number): number | null {
    return this.#rows[place]?.no ?? null;
  }

  #keep(place: number, row: Row): void {
    if (this.#rows[place] === undefined) this.count++;
    if (row.no < this.lowest) this.lowest = row.no;
    if (row.no > this.highest) this.highest = row.no;
    this.#rows[place] = row;
  }

  /** The first place of an id. */
  #placeOf(id: string): number | undefined {
    this.#places ??= firstPlaces(this.#ids);
    return this.#places.get(id);
  }
}

function firstPlaces(ids: readonly string[]): Map<string, number> {
  const places = new Map<string, number>();
  for (const [place, id] of ids.entries()) if (!places.has(id)) places.set(id, place);
  return places;
}
