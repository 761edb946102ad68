/** The page tokens of one walk through a list: none may come twice, and there is an end. */
import { ExporterError } from '../domain/errors.ts';

export class Tokens {
  readonly #met = new Set<string>();
  readonly #maxPages: number;
  #pages: number;

  /** `pages`: pages read before, when the walk goes on from a saved cursor. */
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
        'The next poll starts again from the top; if this goes on, report it to LlamaCloud.',
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
}
