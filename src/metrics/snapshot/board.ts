/**
 * What is published, and what waits to be. A publication takes the views that wait at its beginning, renders the cells that they
 * change, and shows them all at once: every family of a project comes from the same view, in every format.
 */
import { classNames, type Rules } from '../../domain/rules.ts';
import type { Format } from '../../domain/serving.ts';
import type { Micros } from '../../domain/time.ts';
import type { ProjectView } from '../../domain/view.ts';
import { FAMILIES } from '../families/families.ts';
import type { Context, Family } from '../families/sample.ts';
import { head } from '../render/lines.ts';
import type { Breather } from './breather.ts';
import { cellText, unchanged } from './cell.ts';
import { type Face, Sheet } from './sheet.ts';
import { type Entry, entryOf, Slots } from './slots.ts';

/** The contexts of a set of rules, for projects that are fresh and for those that are stale. */
type Contexts = { readonly fresh: Context; readonly stale: Context };

function contextsOf(rules: Rules): Contexts {
  const common = { accounting: rules.accounting, classes: classNames(rules), exemplars: rules.exemplars };
  return { fresh: { ...common, fresh: true }, stale: { ...common, fresh: false } };
}

const isFresh = ({ freshUntil }: ProjectView, now: Micros): boolean => freshUntil !== null && now < freshUntil;

/** Places in `FAMILIES`. */
const ALL_FAMILIES: readonly number[] = [...FAMILIES.keys()];

export class Board {
  readonly #slots = new Slots();
  readonly #sheets = new Map<Format, Sheet>();
  /** By project id, null: to be withdrawn. */
  #waiting = new Map<string, ProjectView | null>();
  #contexts: Contexts;
  #published = false;

  constructor(rules: Rules) {
    this.#contexts = contextsOf(rules);
  }

  put(view: ProjectView): void {
    this.#waiting.set(view.project.id, view);
  }

  drop(projectId: string): void {
    this.#waiting.set(projectId, null);
  }

  /** Takes effect with the next publication, which shows every project anew. */
  setRules(rules: Rules): void {
    this.#contexts = contextsOf(rules);
  }

  /** True once projects have been published. */
  get published(): boolean {
    return this.#published;
  }

  /** The cells of a format as last shown; null: not opened yet. */
  face(format: Format): Face | null {
    return this.#sheets.get(format)?.face ?? null;
  }

  /** Starts to keep a format; it is rendered whole by the next publication. Not to be called during one. */
  open(format: Format): void {
    if (this.#sheets.has(format)) return;
    const sheet = new Sheet(format, FAMILIES);
    sheet.markAll(this.#slots.blocks);
    this.#sheets.set(format, sheet);
  }

  /** True when time or a call has changed what ought to be shown. */
  isDue(now: Micros): boolean {
    return (
      this.#waiting.size > 0 || this.#slots.all().some((entry) => entry.context !== this.#contextAt(entry.view, now))
    );
  }

  /** One publication. Must not overlap with another. */
  async publish(now: Micros, breather: Breather): Promise<void> {
    await this.#take(now, breather);
    const sheets = [...this.#sheets.values()];
    const rendered = [];
    for (const sheet of sheets) rendered.push({ sheet, cells: await sheet.render(this.#slots, breather) });
    for (const { sheet, cells } of rendered) sheet.show(cells);
    this.#published ||= this.#slots.all().length > 0;
  }

  /** The whole project part as text, and its number of series, from what the last publication took. */
  async text(format: Format, breather: Breather): Promise<{ readonly text: string; readonly series: number }> {
    const entries = this.#slots.all();
    let text = '';
    let series = 0;
    for (const family of FAMILIES) {
      const cell = cellText(family, entries, format);
      text += head(family.metric, format) + cell.text;
      series += cell.series;
      await breather.breathe();
    }
    return { text, series };
  }

  #contextAt(view: ProjectView, now: Micros): Context {
    return isFresh(view, now) ? this.#contexts.fresh : this.#contexts.stale;
  }

  /** Views that wait, then those that time or new rules have changed. */
  async #take(now: Micros, breather: Breather): Promise<void> {
    const waiting = this.#waiting;
    this.#waiting = new Map();
    for (const [id, view] of waiting) if (view === null) this.#remove(id);
    for (const view of waiting.values()) {
      if (view === null) continue;
      this.#replace(view, this.#contextAt(view, now));
      await breather.breathe();
    }
    for (const { view, context } of this.#slots.all()) {
      const present = this.#contextAt(view, now);
      if (present === context) continue;
      this.#replace(view, present);
      await breather.breathe();
    }
  }

  #remove(projectId: string): void {
    const block = this.#slots.delete(projectId);
    if (block !== null) this.#mark(ALL_FAMILIES, block);
  }

  #replace(view: ProjectView, context: Context): void {
    const before = this.#slots.get(view.project.id);
    const entry = entryOf(view, context);
    this.#mark(this.#changedFamilies(before, entry), this.#slots.set(entry));
  }

  #changedFamilies(before: Entry | null, after: Entry): readonly number[] {
    if (before === null || this.#sheets.size === 0) return ALL_FAMILIES;
    return ALL_FAMILIES.filter((no) => !unchanged(FAMILIES[no] as Family, before, after));
  }

  #mark(families: readonly number[], block: number): void {
    for (const sheet of this.#sheets.values()) for (const no of families) sheet.mark(no, block);
  }
}
