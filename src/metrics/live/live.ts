/** The exporter part of the exposition: values collected at most once a second, and rendered by prom-client for each format. */
import { type Metric as Instrument, Registry, type RegistryContentType } from 'prom-client';
import { CONTENT_TYPES, type Format } from '../../domain/serving.ts';
import type { Clock } from '../../domain/time.ts';
import { type CompressedChunk, finalChunk } from '../snapshot/compressed-chunk.ts';
import { openMetricsForm, type Values, withoutNaN } from './values.ts';

const LIFETIME_MS = 1000;

type Collection = {
  readonly at: number;
  readonly values: Promise<readonly Values[]>;
  readonly texts: Map<Format, Promise<string>>;
};
type Rendered = { readonly text: string; readonly compressedChunk: CompressedChunk };

export class Live {
  readonly #registries: readonly Registry[];
  readonly #clock: Clock;
  readonly #prepare: () => void;
  readonly #rendered = new Map<Format, Rendered>();
  #collection: Collection | null = null;

  /**
   * Families appear in the order of the registries, and within one in the order of registration. `prepare` sets, before each collection,
   * what is known only when it is asked for.
   */
  constructor(registries: readonly Registry[], clock: Clock, prepare: () => void = () => undefined) {
    this.#registries = registries;
    this.#clock = clock;
    this.#prepare = prepare;
  }

  /** True while `text` would answer what it answered last, for this format. */
  isCurrent(format: Format): boolean {
    return this.#current()?.texts.has(format) ?? false;
  }

  /** Complete lines; OpenMetrics ends in `# EOF`. */
  text(format: Format): Promise<string> {
    const collection = this.#current() ?? this.#collect();
    const text = collection.texts.get(format) ?? collection.values.then((values) => render(values, format));
    collection.texts.set(format, text);
    return text;
  }

  /** The same deflated, as the end of an answer. The same object until the text changes. */
  async compressedChunk(format: Format): Promise<CompressedChunk> {
    const text = await this.text(format);
    const before = this.#rendered.get(format);
    if (before?.text === text) return before.compressedChunk;
    const compressedChunk = finalChunk(text);
    this.#rendered.set(format, { text, compressedChunk });
    return compressedChunk;
  }

  #current(): Collection | null {
    const age = this.#clock.elapsed() - (this.#collection?.at ?? Number.NEGATIVE_INFINITY);
    return age < LIFETIME_MS ? this.#collection : null;
  }

  #collect(): Collection {
    this.#prepare();
    const values = Promise.all(this.#registries.map((registry) => registry.getMetricsAsJSON()));
    this.#collection = {
      at: this.#clock.elapsed(),
      values: values.then((lists) => (lists.flat() as unknown as Values[]).map(withoutNaN)),
      texts: new Map(),
    };
    return this.#collection;
  }
}

/** Const metrics in a fresh registry: rendering OpenMetrics changes the objects that it renders. */
function render(values: readonly Values[], format: Format): Promise<string> {
  const registry = new Registry<RegistryContentType>();
  registry.setContentType(CONTENT_TYPES[format] as RegistryContentType);
  for (const family of values) {
    const shown = format === 'openmetrics' ? openMetricsForm(family) : family;
    const constant = { name: family.name, type: family.type, get: () => Promise.resolve(shown) };
    registry.registerMetric(constant as unknown as Instrument);
  }
  return registry.metrics();
}
