/** One session as the API has it: what happens to it, and every version of what the API showed of it. Times are seconds. */
import { NOTHING, type RunFigures } from './figures.ts';
import type { Dice, Setting } from './setting.ts';

/** A finished run: the truth. */
export type TrueRun = { readonly endedAt: number; readonly figures: RunFigures };

/** What list and history show at one moment. */
export type Version = {
  readonly updatedAt: number;
  /** The run that the list shows; null while none is shown. */
  readonly shown: RunFigures | null;
  readonly stops: readonly RunFigures[];
  /** Runs that had ended, and the index of the last one; -1: none. */
  readonly finished: number;
  /** The session is deleted, or cannot be seen. */
  readonly hidden: boolean;
};

export class SessionWorld {
  readonly #setting: Setting;
  now = 1;
  readonly runs: TrueRun[] = [];
  readonly versions: Version[] = [];
  hidden = false;
  stops: readonly RunFigures[] = [];
  /** The whole history, while a part of it is shown. */
  #whole: readonly RunFigures[] | null = null;
  #startedAt: number | null = null;
  #updatedAt = 0;
  #shown: RunFigures | null = null;
  /** The last finished run as the list tells it. */
  #last: RunFigures | null = null;

  constructor(setting: Setting) {
    this.#setting = setting;
  }

  get isRunning(): boolean {
    return this.#startedAt !== null;
  }

  get shown(): RunFigures | null {
    return this.#shown;
  }

  get updatedAt(): number {
    return this.#updatedAt;
  }

  /** The API shows the present state from now on. */
  show(isTouched: boolean): void {
    if (isTouched) this.#updatedAt = this.now;
    this.versions.push({
      updatedAt: this.#updatedAt,
      shown: this.#shown,
      stops: this.stops,
      finished: this.runs.length,
      hidden: this.hidden,
    });
  }

  start([a, b]: Dice): void {
    if (this.isRunning) return;
    this.#startedAt = this.now;
    if (a >= this.#setting.showsPreviousWhileRunning) this.#shown = null;
    this.show(b < this.#setting.startIsShown);
  }

  /** A run ends, the one in progress if there is one. It took as long as it says. */
  end(dice: Dice): void {
    if (!this.isRunning) this.start([0, 0.99, 0, 0]);
    const figures = this.#outcome(dice);
    this.now = Math.max(this.now, (this.#startedAt ?? 0) + (figures.ms ?? 0) / 1000);
    this.#startedAt = null;
    const hasStop = (dice[0] * 97) % 1 >= this.#setting.withoutStop;
    if (hasStop) this.#append(this.#inHistory(figures, dice));
    this.runs.push({ endedAt: this.now, figures });
    this.#last = this.#setting.nulls.list && (dice[1] * 7) % 1 < 0.4 ? { ...figures, tokens: null } : figures;
    this.#shown = this.#last;
    this.show(true);
  }

  /** A run is broken off and never was: the run before it may be shown again. */
  cancel([a]: Dice): void {
    if (!this.isRunning) return;
    this.#startedAt = null;
    this.#shown = a < 0.8 ? this.#last : null;
    this.show(a < 0.7);
  }

  /** The list tells the tokens of its run, if it did not so far. */
  completeInList(isTouched: boolean): boolean {
    const last = this.runs.at(-1);
    if (this.#shown === null || this.#shown.tokens !== null || last === undefined) return false;
    this.#shown = { ...this.#shown, tokens: last.figures.tokens };
    this.#last = this.#shown;
    this.show(isTouched);
    return true;
  }

  /** The newest stop tells its tokens, if it did not so far. */
  completeInHistory(isTouched: boolean): boolean {
    const [stop, last] = [this.stops.at(-1), this.runs.at(-1)];
    if (stop === undefined || last === undefined || stop.ms === null || stop.tokens !== null) return false;
    this.stops = [...this.stops.slice(0, -1), { ...stop, tokens: last.figures.tokens }];
    this.show(isTouched);
    return true;
  }

  /** The history loses stops at its beginning, all of them, or (where the setting has it) at its end. */
  shorten([a]: Dice): boolean {
    const count = this.stops.length;
    if (count === 0) return false;
    this.#whole ??= this.stops;
    const lost = a < 0.3 ? count : 1 + Math.floor(a * count * 0.99);
    const isTail = this.#setting.losesTail && a > 0.6;
    this.stops = isTail ? this.stops.slice(0, count - lost) : this.stops.slice(lost);
    this.show(false);
    return true;
  }

  makeWhole(): boolean {
    if (this.#whole === null) return false;
    this.stops = this.#whole;
    this.#whole = null;
    this.show(false);
    return true;
  }

  #append(stop: RunFigures): void {
    this.stops = [...this.stops, stop];
    if (this.#whole !== null) this.#whole = [...this.#whole, stop];
  }

  #outcome([a, b]: Dice): RunFigures {
    const { kinds, alike, failures } = this.#setting;
    const kind = Math.floor(a * kinds);
    const failed = failures && b < 0.15;
    return alike
      ? { ms: 10_000 + 7 * kind, failed, tokens: 7 }
      : { ms: 3000 * (kind + 1), failed, tokens: 7 * (kind + 1) };
  }

  /** The run as its stop tells it. */
  #inHistory(figures: RunFigures, [, b, c]: Dice): RunFigures {
    const { otherForm, nulls, malformedStops } = this.#setting;
    if (malformedStops && (c * 17) % 1 < 0.15) return NOTHING;
    const tokens = nulls.history && (b * 13) % 1 < 0.4 ? null : figures.tokens;
    return {
      ...figures,
      tokens,
      ms: otherForm && figures.ms !== null ? roundedOtherwise(figures.ms, (c * 10) % 1) : figures.ms,
    };
  }
}

/** Within what list and history of one run may differ by: 1 ms, or 0.1 %. */
function roundedOtherwise(ms: number, chance: number): number {
  if (chance < 0.3) return ms;
  return chance < 0.6 ? ms + 0.4 : ms * 1.0008;
}
