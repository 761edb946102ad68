/**
 * What is published, and what waits to be. A publication takes the views that wait at its beginning, renders the chunks that they
 * change, and shows them all at once: every family of a project comes from the same view, in every format.
 */
import { isDisabled, type Rules } from '../../domain/rules.ts';
import type { Format } from '../../domain/serving.ts';
import type { Micros } from '../../domain/time.ts';
import type { ProjectView } from '../../domain/view.ts';
import { FAMILIES } from '../families/families.ts';
import type { Context, Family } from '../families/sample.ts';
import { head } from '../render/lines.ts';
import { chunkText, unchanged } from './chunk.ts';
import { Contexts } from './contexts.ts';
import { Encoding, type RenderedSnapshot } from './encoding.ts';
import { type Entry, entryOf, ProjectOrder } from './project-order.ts';
import type { TimeSlicer } from './time-slicer.ts';

/** The families that the rules show. */
const shownBy = (rules: Rules): readonly Family[] => FAMILIES.filter(({ metric }) => !isDisabled(metric.name, rules));

export class SnapshotBuilder {
  readonly #order = new ProjectOrder();
  readonly #encodings = new Map<Format, Encoding>();
  /** By project id, null: to be withdrawn. */
  #waiting = new Map<string, ProjectView | null>();
  #contexts: Contexts;
  #families: readonly Family[];
  /** Those of the next publication. */
  #nextFamilies: readonly Family[];
  #published = false;
  #isSwept = false;

  constructor(rules: Rules) {
    this.#contexts = new Contexts(rules);
    this.#families = this.#nextFamilies = shownBy(rules);
  }

  put(view: ProjectView): void {
    this.#isSwept ||= view.totals.sweeps > 0;
    this.#waiting.set(view.project.id, view);
  }

  drop(projectId: string): void {
    this.#waiting.set(projectId, null);
  }

  /** Takes effect with the next publication, which shows every project anew. */
  setRules(rules: Rules): void {
    this.#contexts = new Contexts(rules);
    this.#nextFamilies = shownBy(rules);
  }

  /** True once projects have been published. */
  get published(): boolean {
    return this.#published;
  }

  /** True once a project was put whose session list has been read to its end. */
  get isSwept(): boolean {
    return this.#isSwept;
  }

  /** The chunks of a format as last shown; null: not opened yet. */
  rendered(format: Format): RenderedSnapshot | null {
    return this.#encodings.get(format)?.rendered ?? null;
  }

  /** Starts to keep a format; it is rendered whole by the next publication. Not to be called during one. */
  open(format: Format): void {
    if (this.#encodings.has(format)) return;
    const encoding = new Encoding(format, this.#families);
    encoding.markAll(this.#order.blocks);
    this.#encodings.set(format, encoding);
  }

  /** True when something was put or dropped that no publication has taken yet. */
  get isWaiting(): boolean {
    return this.#waiting.size > 0;
  }

  /** True when time or a call has changed what ought to be shown. */
  isDue(now: Micros): boolean {
    return (
      this.isWaiting ||
      !this.#hasFamilies() ||
      this.#order.all().some((entry) => entry.context !== this.#contexts.at(entry.view, now))
    );
  }

  /** One publication. Must not overlap with another. */
  async publish(now: Micros, slicer: TimeSlicer): Promise<void> {
    if (!this.#hasFamilies()) this.#changeFamilies();
    await this.#take(now, slicer);
    const encodings = [...this.#encodings.values()];
    const rendered = [];
    for (const encoding of encodings) rendered.push({ encoding, chunks: await encoding.render(this.#order, slicer) });
    for (const { encoding, chunks } of rendered) encoding.show(chunks);
    this.#published ||= this.#order.all().length > 0;
  }

  /** The whole project part as text, and its number of series, from what the last publication took. */
  async text(format: Format, slicer: TimeSlicer): Promise<{ readonly text: string; readonly series: number }> {
    const entries = this.#order.all();
    let text = '';
    let series = 0;
    for (const family of this.#families) {
      const chunk = chunkText(family, entries, format);
      text += head(family.metric, format) + chunk.text;
      series += chunk.series;
      await slicer.yieldIfLong();
    }
    return { text, series };
  }

  #hasFamilies(): boolean {
    const [now, next] = [this.#families, this.#nextFamilies];
    return now.length === next.length && now.every((family, no) => family === next[no]);
  }

  /** Other families are other encodings: the present renderings stay until the new ones are rendered. */
  #changeFamilies(): void {
    this.#families = this.#nextFamilies;
    for (const [format, { rendered }] of this.#encodings) {
      const encoding = new Encoding(format, this.#families, rendered);
      encoding.markAll(this.#order.blocks);
      this.#encodings.set(format, encoding);
    }
  }

  /** Places in the list of families. */
  #allFamilies(): readonly number[] {
    return [...this.#families.keys()];
  }

  /** Views that wait, then those that time or new rules have changed. What fails waits on, unless there is something newer. */
  async #take(now: Micros, slicer: TimeSlicer): Promise<void> {
    const waiting = this.#waiting;
    this.#waiting = new Map();
    try {
      await this.#takeAll(waiting, now, slicer);
    } catch (error) {
      this.#waiting = new Map([...waiting, ...this.#waiting]);
      throw error;
    }
    for (const { view, context } of this.#order.all()) {
      const present = this.#contexts.at(view, now);
      if (present === context) continue;
      this.#replace(view, present);
      await slicer.yieldIfLong();
    }
  }

  async #takeAll(waiting: ReadonlyMap<string, ProjectView | null>, now: Micros, slicer: TimeSlicer): Promise<void> {
    for (const [id, view] of waiting) if (view === null) this.#remove(id);
    for (const view of waiting.values()) {
      if (view === null) continue;
      this.#replace(view, this.#contexts.at(view, now));
      await slicer.yieldIfLong();
    }
  }

  #remove(projectId: string): void {
    const block = this.#order.delete(projectId);
    if (block !== null) this.#mark(this.#allFamilies(), block);
  }

  #replace(view: ProjectView, context: Context): void {
    const before = this.#order.get(view.project.id);
    const entry = entryOf(view, context);
    this.#mark(this.#changedFamilies(before, entry), this.#order.set(entry));
  }

  #changedFamilies(before: Entry | null, after: Entry): readonly number[] {
    if (before === null || this.#encodings.size === 0) return this.#allFamilies();
    return this.#allFamilies().filter((no) => !unchanged(this.#families[no] as Family, before, after));
  }

  #mark(families: readonly number[], block: number): void {
    for (const encoding of this.#encodings.values()) for (const no of families) encoding.mark(no, block);
  }
}
