/** Guards a walk through a list against endless pages: no page token may repeat, and their number is limited. */
import { ExporterError } from '../../domain/errors.ts';
import { Seen } from './seen.ts';
import { TokenHashes } from './token-hashes.ts';

/** Successive pages without a session that the walk had not seen, after which the list is taken for endless. */
const MOST_PAGES_WITHOUT_NEWS = 100;

export class Tokens {
  readonly #met = new TokenHashes();
  /** By this walk alone: a head poll within a sweep may have read far ahead of it. */
  readonly #seen = new Seen();
  readonly #maxPages: number;
  #pages: number;
  #withoutNews = 0;

  /** `pages`: pages read before, when the walk continues from a saved cursor. */
  constructor(maxPages: number, pages: number) {
    this.#maxPages = maxPages;
    this.#pages = pages;
  }

  /** False where `next` would throw. */
  takes(token: string): boolean {
    return !this.#met.has(token) && this.#pages + 1 < this.#maxPages;
  }

  /** Notes the token of the next page. Throws an ExporterError of code `pagination`. */
  next(token: string): void {
    this.#pages += 1;
    if (this.#met.has(token)) {
      throw new ExporterError(
        'pagination',
        'The API answered the same page token twice in one sweep, so the list would never end',
        'The next poll starts again from the top; if this continues, report it to LlamaCloud.',
      );
    }
    if (this.#pages >= this.#maxPages) {
      throw new ExporterError(
        'pagination',
        `The session list has more than max_pages = ${this.#maxPages} pages`,
        'Raise max_pages of the account if the list really is that long.',
      );
    }
    this.#met.add(token);
  }

  /**
   * Notes the dense numbers of the sessions on a page that was recorded and is not the last one. Throws an ExporterError of code
   * `pagination` after 100 pages in a row without a session that this walk had not seen before.
   */
  taken(numbers: readonly number[]): void {
    this.#withoutNews = this.#seen.addAll(numbers) > 0 ? 0 : this.#withoutNews + 1;
    if (this.#withoutNews < MOST_PAGES_WITHOUT_NEWS) return;
    throw new ExporterError(
      'pagination',
      `The API answered ${MOST_PAGES_WITHOUT_NEWS} pages in a row without a session that it had not shown before, so the list would never end`,
      'The next poll starts again from the top; if this continues, report it to LlamaCloud.',
    );
  }
}
