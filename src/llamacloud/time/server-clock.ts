/** Server time of an account: our monotonic clock from an anchor that no single answer can move (docs/accounting.md, Times). */
import { type Clock, MINUTE, type Micros } from '../../domain/time.ts';
import { EARLIEST, LATEST } from './timestamp.ts';

/** Differences up to this are none: clocks, networks and caches are no better. */
const TOLERANCE: Micros = 2 * MINUTE;
/** So many answers in a row have to differ on the same side before the clock is moved. */
const ANSWERS_TO_MOVE = 5;
/** Answers that decide about the anchor at start have to lie this close together. */
const AGREEMENT: Micros = MINUTE;

/** What an answer says of server time: `Date` + `Age` less the monotonic clock when it came. Readings can be compared at any time. */
export type Reading = Micros;

export class ServerClock {
  readonly #clock: Clock;
  /** Server time when the monotonic clock was 0. */
  #base: Micros;
  /** How much the last answers differed, all on the same side. */
  #differences: Micros[] = [];
  #isAnchored = false;

  /** Starts from our wall clock; where that is outside of what is ever accepted, from the nearest instant within. */
  constructor(clock: Clock) {
    this.#clock = clock;
    const now = Math.min(LATEST, Math.max(EARLIEST, clock.now()));
    this.#base = now - Math.round(clock.elapsed() * 1000);
  }

  /** Server time now. */
  now(): Micros {
    return this.at(this.#clock.elapsed());
  }

  /** Server time when the monotonic clock was `elapsedMs`. */
  at(elapsedMs: number): Micros {
    return this.#base + Math.round(elapsedMs * 1000);
  }

  /** The reading of an answer that came when the monotonic clock was `elapsedMs`; `said`: its `Date` + `Age`. */
  reading(said: Micros, elapsedMs: number): Reading {
    return said - Math.round(elapsedMs * 1000);
  }

  /** Notes the reading of one more answer, in the order in which answers come. Returns by how much that moved the clock; mostly 0. */
  note(reading: Reading): Micros {
    const difference = reading - this.#base;
    const [first] = this.#differences;
    const isOther = first !== undefined && Math.sign(first) !== Math.sign(difference);
    if (isOther || !isFar(difference)) this.#differences = [];
    if (!isFar(difference)) return 0;
    this.#differences.push(difference);
    if (this.#differences.length < ANSWERS_TO_MOVE) return 0;
    return this.#move(this.#differences.reduce((a, b) => (Math.abs(b) < Math.abs(a) ? b : a)));
  }

  /** False until the first discovery has confirmed or replaced our wall clock. */
  get isAnchored(): boolean {
    return this.#isAnchored;
  }

  /** True where this reading differs from the clock by more than is tolerated. */
  differs(reading: Reading): boolean {
    return isFar(reading - this.#base);
  }

  /** Our wall clock stays the anchor. */
  keepAnchor(): void {
    this.#isAnchored = true;
  }

  /**
   * The readings of the first discovery decide about the anchor: their median where they agree, else it stays as it is.
   * Returns by how much the clock was moved; null: they do not agree.
   */
  anchorBy(readings: readonly Reading[]): Micros | null {
    this.#isAnchored = true;
    if (Math.max(...readings) - Math.min(...readings) > AGREEMENT) return null;
    const median = readings.toSorted((a, b) => a - b)[Math.floor(readings.length / 2)] as Reading;
    return this.#move(median - this.#base);
  }

  #move(by: Micros): Micros {
    this.#base += by;
    this.#differences = [];
    return by;
  }
}

function isFar(difference: Micros): boolean {
  return Math.abs(difference) > TOLERANCE;
}
