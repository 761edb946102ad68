/** The one-session model's world, exporter and oracle side by side, and what passes between them. */
import { type Answer, OneSessionExporter } from './exporter.ts';
import { canBeOneRun, told } from './figures.ts';
import { type Count, Oracle } from './oracle.ts';
import { SessionWorld, type Version } from './session-world.ts';
import type { Setting } from './setting.ts';
import type { Violation } from './verdict.ts';

/** Seconds. */
export const DAY = 86_400;
const RETENTION = 30 * DAY;

/** Sweeps that a session was not shown by before it is young. */
const SWEEPS_TO_KNOW_ALL = 2;

/** Told what happens, a line at a time. */
export type Trace = (line: string) => void;

/** What looks at the session: there once the exporter has started. */
type Observers = { readonly exporter: OneSessionExporter; readonly oracle: Oracle };

export class Scene {
  readonly world: SessionWorld;
  readonly #setting: Setting;
  readonly #isYoung: boolean;
  /** Null: nobody listens. */
  readonly #trace: Trace | null;
  #observers: Observers | null = null;
  #sweeps = 0;
  #lastSweep: number | null = null;
  /** A history on its way. */
  #asked: Answer | null = null;

  constructor(isYoung: boolean, setting: Setting, trace: Trace | null) {
    this.world = new SessionWorld(setting);
    this.#isYoung = isYoung;
    this.#setting = setting;
    this.#trace = trace;
  }

  get exporter(): OneSessionExporter | null {
    return this.#observers?.exporter ?? null;
  }

  get oracle(): Oracle | null {
    return this.#observers?.oracle ?? null;
  }

  startExporter(): void {
    const { world } = this;
    this.#observers = {
      exporter: new OneSessionExporter(world.now),
      oracle: new Oracle(world, world.now, this.#isYoung),
    };
    if (this.#setting.withoutStop > 0) this.oracle?.excuse('run without a stop');
  }

  hide(hidden: boolean, isTouched: boolean): void {
    if (this.world.hidden === hidden) return;
    this.world.hidden = hidden;
    this.world.show(!hidden && isTouched);
  }

  switchAccounting(): void {
    if (this.#observers === null) return;
    const { exporter, oracle } = this.#observers;
    this.forgetAsked();
    exporter.accounting = exporter.accounting === 'every_run' ? 'last_run' : 'every_run';
    oracle.excuse('last_run');
  }

  /** A complete sweep, of the list as it was some versions ago. */
  poll(lag: number): void {
    if (this.#observers === null) return;
    const { now, versions } = this.world;
    const version = versions[versions.length - 1 - lag];
    if (version === undefined || version.hidden) {
      this.#observers.exporter.sweepWithout(now);
      this.#observers.exporter.purge(now - RETENTION);
    } else this.#sweep(this.#observers, version);
    this.#sweeps += 1;
    this.#lastSweep = now;
  }

  /** What a request for the history is answered now; it may lag (`a`), and its halves may be of different moments (`c`). */
  ask(a: number, c: number): Answer {
    const { versions, hidden } = this.world;
    if (hidden) return 'gone';
    const at = (lag: number): Version => versions[Math.max(0, versions.length - 1 - lag)] as Version;
    const { stops, ...own } = at(Math.floor(a * (this.#setting.lag.history + 1)));
    const isApart = this.#setting.halvesApart && c < 0.4 && versions.length > 1;
    if (isApart) this.oracle?.excuse('halves apart');
    const { updatedAt, shown } = isApart ? at(Math.floor(c * 10) % 4) : own;
    const newest = stops.at(-1);
    const isToldAsStop =
      this.#setting.toldAsStop && shown !== null && newest !== undefined && canBeOneRun(shown, newest);
    return { updatedAt, run: isToldAsStop ? newest : shown, stops };
  }

  /** Asks now; the answer comes with `answerAsked`. */
  askAhead(a: number, c: number): void {
    if (this.exporter?.isWaiting) this.#asked = this.ask(a, c);
  }

  answerAsked(): void {
    if (this.#asked !== null) this.answer(this.#asked);
    this.forgetAsked();
  }

  forgetAsked(): void {
    this.#asked = null;
  }

  answer(answer: Answer): void {
    if (this.#observers === null || !this.#observers.exporter.isWaiting) return;
    const outcome = this.#observers.exporter.answered(answer, this.world.now);
    if (outcome === 'given_up') this.#observers.oracle.excuse('given up');
    this.#trace?.(`  ${answerTold(answer)}: ${outcome}`);
  }

  count(): Count {
    const { runs = 0, inputTokens = 0, outputTokens = 0, unreconciled = 0 } = this.exporter ?? {};
    return { runs, inputTokens, outputTokens, unreconciled };
  }

  tooMuch(): Violation | null {
    return this.oracle?.tooMuch(this.count()) ?? null;
  }

  /** A line of the trace: what stands after an operation. */
  say(op: string): void {
    if (this.#trace === null) return;
    const { now, shown, updatedAt, stops, runs } = this.world;
    const list = `list ${told(shown)} at ${updatedAt}, history [${stops.map(told).join(' ')}]`;
    const isKnown = (this.exporter?.row ?? null) !== null;
    const counted = isKnown ? `counted ${this.exporter?.runs} of ${runs.length}` : 'no row';
    this.#trace(`${now} ${op}: ${list}; ${counted}${this.exporter?.isWaiting ? ', unverified' : ''}`);
  }

  #sweep({ exporter, oracle }: Observers, version: Version): void {
    const youngSince = this.#sweeps >= SWEEPS_TO_KNOW_ALL ? this.#lastSweep : null;
    const isFirst = exporter.row === null;
    const before = exporter.runs;
    exporter.sweep({ updatedAt: version.updatedAt, run: version.shown }, this.world.now, youngSince);
    oracle.shown(version);
    if (isFirst) oracle.firstShown(version, exporter.runs - before, youngSince !== null);
  }
}

function answerTold(answer: Answer): string {
  if (typeof answer === 'string') return answer;
  return `history at ${answer.updatedAt} with ${told(answer.run)} and [${answer.stops.map(told).join(' ')}]`;
}
