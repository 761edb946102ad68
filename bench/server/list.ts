/** One project's list of sessions as pre-serialised pages. */
import { historyJson, sessionId, sessionJson } from './items.ts';

export const PAGE = 100;
/** The first versions lie evenly in the 30 days before the list was made. Microseconds. */
const PAST = 30 * 86_400_000_000;

export type Order = 'newest' | 'oldest';

const now = (): number => Math.round((performance.timeOrigin + performance.now()) * 1000);

/**
 * Pages of 100 by number. Sessions that changed leave their page, which then holds fewer, and stand in pages of their own above the
 * others (below them in a list that is oldest first): what was not touched stays serialised.
 */
export class List {
  readonly size: number;
  readonly #seed: number;
  readonly #order: Order;
  readonly #madeAt = now();
  readonly #pages: Buffer[] = [];
  /** Version and item of every session that changed, in the order of their changes. */
  readonly #changed = new Map<number, { readonly version: number; readonly at: number; readonly text: string }>();
  /** Numbers of all sessions by id; made at once, as a million of them take a second that no figure may contain. */
  readonly #ids = new Map<string, number>();
  #changedPages: Buffer[] | null = null;

  constructor(seed: number, size: number, order: Order) {
    this.#seed = seed;
    this.size = size;
    this.#order = order;
    for (let page = 0; page < this.#count; page++) this.#pages.push(this.#serialise(page));
    for (let no = 0; no < size; no++) this.#ids.set(sessionId(seed, no), no);
  }

  /** The page of a token; null: the first one. Undefined for a token that is none. */
  page(token: string | null): Buffer | undefined {
    const newest = this.#order === 'newest';
    if (token === null) return newest && this.#changed.size > 0 ? this.#top()[0] : (this.#pages[0] ?? EMPTY);
    const no = Number(token.slice(1));
    return token.startsWith('c') ? this.#top()[no] : this.#pages[no];
  }

  /** The next run of these sessions, finished now. Answers the instant, microseconds. */
  change(numbers: readonly number[]): number {
    const at = now();
    const touched = new Set<number>();
    for (const [i, no] of numbers.entries()) {
      const version = (this.#changed.get(no)?.version ?? 0) + 1;
      this.#changed.delete(no);
      this.#changed.set(no, { version, at: at + i, text: sessionJson(this.#seed, no, version, at + i) });
      touched.add(Math.floor(this.#place(no) / PAGE));
    }
    for (const page of touched) this.#pages[page] = this.#serialise(page);
    this.#changedPages = null;
    return at;
  }

  /** The history of a session; undefined: no such session. */
  history(id: string): string | undefined {
    const no = this.#ids.get(id);
    if (no === undefined) return undefined;
    const { version, at } = this.#changed.get(no) ?? { version: 0, at: this.#firstUpdate(no) };
    return historyJson(this.#seed, no, version, at);
  }

  #firstUpdate(no: number): number {
    return this.#madeAt - Math.floor((PAST * (no + 1)) / this.size);
  }

  get #count(): number {
    return Math.ceil(this.size / PAGE);
  }

  /** Session 0 is the newest of the first versions. */
  #place(no: number): number {
    return this.#order === 'newest' ? no : this.size - 1 - no;
  }

  #serialise(page: number): Buffer {
    const items: string[] = [];
    for (let place = page * PAGE; place < Math.min(this.size, (page + 1) * PAGE); place++) {
      const no = this.#place(place);
      if (!this.#changed.has(no)) items.push(sessionJson(this.#seed, no, 0, this.#firstUpdate(no)));
    }
    const more = this.#order === 'oldest' && this.#changed.size > 0 ? 'c0' : null;
    return pageJson(items, page + 1 < this.#count ? `p${page + 1}` : more);
  }

  /** Pages of the changed sessions, made anew after each change. */
  #top(): Buffer[] {
    this.#changedPages ??= this.#serialiseTop();
    return this.#changedPages;
  }

  #serialiseTop(): Buffer[] {
    const texts = [...this.#changed.values()].map(({ text }) => text);
    if (this.#order === 'newest') texts.reverse();
    const pages = Math.ceil(texts.length / PAGE);
    const last = this.#order === 'newest' ? 'p0' : null;
    return Array.from({ length: pages }, (_, i) =>
      pageJson(texts.slice(i * PAGE, (i + 1) * PAGE), i + 1 < pages ? `c${i + 1}` : last),
    );
  }
}

function pageJson(items: readonly string[], next: string | null): Buffer {
  return Buffer.from(`{"items":[${items.join(',')}],"next_page_token":${next === null ? 'null' : `"${next}"`}}`);
}

const EMPTY = pageJson([], null);
