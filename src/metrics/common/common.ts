/** The end of the project part, rendered: the metrics that are not about one project. Its families are in `families.ts`. */
import type { Format } from '../../domain/serving.ts';
import { head, ownLines } from '../render/lines.ts';
import { type CompressedChunk, openChunk } from '../snapshot/compressed-chunk.ts';
import { type Facts, NOTHING_KNOWN } from './facts.ts';
import { COMMON_FAMILIES, type CommonFamily, SHARED_FAMILIES } from './families.ts';

type Rendered = { readonly facts: Facts; readonly text: string; readonly compressedChunk: CompressedChunk };

/** Rendered when something has changed, not for each scrape. */
export class Common {
  readonly #families: readonly CommonFamily[];
  readonly #rendered = new Map<Format, Rendered>();
  #facts: Facts = NOTHING_KNOWN;

  constructor(isShared: boolean) {
    this.#families = isShared ? SHARED_FAMILIES : COMMON_FAMILIES;
  }

  get facts(): Facts {
    return this.#facts;
  }

  change(changes: Partial<Facts>): void {
    this.#facts = { ...this.#facts, ...changes };
  }

  /** Whole families as text. */
  text(format: Format): string {
    return this.#families
      .map(({ metric, samples }) => head(metric, format) + ownLines(metric, samples(this.#facts), format))
      .join('');
  }

  /** The same deflated; more may follow. The same object until the text changes. */
  compressedChunk(format: Format): CompressedChunk {
    const before = this.#rendered.get(format);
    if (before?.facts === this.#facts) return before.compressedChunk;
    const text = this.text(format);
    const compressedChunk = before?.text === text ? before.compressedChunk : openChunk(text);
    this.#rendered.set(format, { facts: this.#facts, text, compressedChunk });
    return compressedChunk;
  }
}
