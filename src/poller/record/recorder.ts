/**
 * The one hand that changes a project's ledger. Pages, histories and the end of a sweep are recorded one after the other, in one open
 * ledger, so that none overwrites the sums of another; what is open is committed at once or in batches.
 */
import { Ledger } from '../../accounting/ledger.ts';
import { ExporterError, LostError } from '../../domain/errors.ts';
import type { Row } from '../../domain/row.ts';
import type { Cursors, RecordedRows, Store } from '../../domain/store.ts';
import type { Clock, Micros } from '../../domain/time.ts';
import type { Totals } from '../../domain/totals.ts';
import type { ProjectState } from '../context.ts';

/** One transaction of a sweep: at most so many pages, or changed rows (20 ms of work). */
const PAGES_PER_COMMIT = 10;
const ROWS_PER_COMMIT = 1000;

const NO_ROWS: RecordedRows = new Map();

/** `now`: committed before the call resolves; `batched`: together with what follows, or with a `flush`. */
export type When = 'now' | 'batched';

/** Commits a ledger; `cursors` are saved in the same transaction. */
type Commit = (ledger: Ledger, cursors?: Cursors | null) => Promise<void>;

export class Recorder {
  readonly #state: ProjectState;
  readonly #store: Store;
  readonly #clock: Clock;
  #ledger: Ledger | null = null;
  /** Pages in the open ledger. */
  #pages = 0;
  /** `Clock.elapsed` when the last page was read that is committed; null: none of this process. */
  #readElapsed: number | null = null;
  /** The last commit failed: until one succeeds, a page that shows nothing new does not make the gauges fresh. */
  #isFailing = false;
  /** Something was committed since the last end of a sweep, by an earlier process maybe: rows may name the number of the sweep that ends next. */
  #hasCommitted: boolean;
  /** The error of a commit that lost pages of a sweep, until the sweep hears of it. */
  #lost: unknown = null;
  #turn: Promise<unknown> = Promise.resolve();
  #isClosed = false;

  constructor(state: ProjectState, store: Store, clock: Clock) {
    this.#state = state;
    this.#store = store;
    this.#clock = clock;
    this.#hasCommitted = state.cursors.sweep !== null;
  }

  /** True once nothing may be recorded any more. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** True when all that was recorded is committed. */
  get isClean(): boolean {
    return this.#ledger === null;
  }

  /** Records a page of the list. Rejects with what `work` or the commit threw. */
  page<T>(when: When, work: (ledger: Ledger) => Promise<T>): Promise<T> {
    return this.#inTurn(async () => {
      const result = await work(this.#open());
      this.#pages += 1;
      const isFull = this.#pages >= PAGES_PER_COMMIT || this.#open().size >= ROWS_PER_COMMIT;
      if (when === 'now' || isFull) await this.#commit(null);
      return result;
    });
  }

  /** Records something other than a page, and commits it with all that is open. `cursors`: saved in the same transaction. */
  change<T>(work: (ledger: Ledger) => Promise<T> | T, cursors: (() => Cursors) | null = null): Promise<T> {
    return this.#inTurn(async () => {
      const result = await work(this.#open());
      await this.#commit(cursors === null ? null : cursors());
      return result;
    });
  }

  /**
   * Moves totals and cursors at the end of a sweep that needs no commit of its own: the next one saves them, cursors within seconds. A process
   * that ends before that knows nothing of the sweep, so it must be safe to repeat. Committed at once where something is open or was committed
   * since the last sweep ended (a row may name the sweep), the state fails, or it `must`.
   */
  endSweep(must: boolean, move: (totals: Totals) => Totals, cursors: () => Cursors): Promise<void> {
    return this.#inTurn(async () => {
      if (!must && this.#ledger === null && !this.#isFailing && !this.#hasCommitted) {
        this.#state.totals = move(this.#state.totals);
        this.#state.cursors = cursors();
        return;
      }
      const ledger = this.#open();
      ledger.totals = move(ledger.totals);
      await this.#commit(cursors());
      this.#hasCommitted = false;
    });
  }

  /** Commits what is open. */
  flush(): Promise<void> {
    return this.#inTurn(() => this.#commit(null));
  }

  /** Runs `work`, which reads rows over several steps, while nothing is open and nothing changes. It gets a way to commit. */
  alone(work: (commit: Commit) => Promise<void>): Promise<void> {
    return this.#inTurn(async () => {
      await this.#commit(null);
      await work(async (ledger, cursors = null) => {
        this.#ledger = ledger;
        await this.#commit(cursors);
      });
    });
  }

  /** Removes a slice of old tombstones; what is open is committed first, since its totals count them. True when there is more. */
  purge(before: Micros, now: Micros): Promise<boolean> {
    return this.#inTurn(async () => {
      await this.#commit(null);
      const { more, removed } = await this.#store.purgeTombstones(this.#state.key, before, now);
      const { totals } = this.#state;
      if (removed > 0) this.#state.totals = { ...totals, tombstones: totals.tombstones - removed };
      return more;
    });
  }

  /** Lets what is under way end, and refuses everything after it: the project has another owner from now on. */
  async close(): Promise<void> {
    await this.#turn;
    this.#isClosed = true;
  }

  /** True while a sweep has not heard yet that pages of it were lost. */
  get hasLost(): boolean {
    return this.#lost !== null;
  }

  /** A sweep begins anew: what an earlier one lost is not its concern. */
  forgetLost(): void {
    this.#lost = null;
  }

  /** Loads the recorded rows of `ids` into the ledger, but those that it has changed itself. */
  async load(ledger: Ledger, ids: readonly string[]): Promise<void> {
    const missing = ledger.missing(ids);
    ledger.load(missing.length === 0 ? NO_ROWS : await this.#store.rows(this.#state.key, missing));
  }

  #open(): Ledger {
    this.#ledger ??= new Ledger(this.#state.totals, NO_ROWS);
    return this.#ledger;
  }

  /** Throws the error of a commit by somebody else that lost pages of the sweep. */
  throwLost(): void {
    const lost = this.#lost;
    this.#lost = null;
    if (lost !== null) throw lost;
  }

  /** Only after the commit are the project's totals replaced. A ledger that cannot be committed is dropped, and read again by later polls. */
  async #commit(cursors: Cursors | null): Promise<void> {
    const [ledger, pages] = [this.#ledger, this.#pages];
    this.#ledger = null;
    this.#pages = 0;
    try {
      if (ledger !== null) await this.#write(ledger, cursors);
    } catch (error) {
      if (pages > 0) this.#lost = error;
      throw error;
    }
    if (pages > 0) this.#readElapsed = this.#clock.elapsed();
    if (!this.#isFailing) this.#state.readElapsed = this.#readElapsed ?? this.#state.readElapsed;
  }

  async #write(ledger: Ledger, cursors: Cursors | null): Promise<void> {
    if (ledger.isEmpty() && cursors === null) return;
    const entries = ledger.entries();
    this.#isFailing = true;
    await this.#store
      .commit({ key: this.#state.key, ...entries, cursors })
      .catch((error: unknown) => this.#refused(error));
    this.#isFailing = false;
    this.#hasCommitted = true;
    this.#state.totals = entries.totals;
    if (cursors !== null) this.#state.cursors = cursors;
    for (const { row } of entries.changes) this.#noteDue(row);
  }

  /** Of a project that is lost nothing may be recorded any more: whoever has it now counts its runs. */
  #refused(error: unknown): never {
    if (error instanceof LostError) this.#isClosed = true;
    throw error;
  }

  #noteDue({ history: { unverified } }: Row): void {
    if (unverified === null) return;
    this.#state.nextDue = Math.min(this.#state.nextDue ?? unverified.dueAt, unverified.dueAt);
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(() => {
      if (this.#isClosed)
        throw new ExporterError('state', 'The project is no longer polled', 'Nothing needs to be done.');
      return work();
    });
    this.#turn = turn.catch(() => {});
    return turn;
  }
}
