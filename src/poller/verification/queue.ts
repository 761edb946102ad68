/** Chooses whose history is read next: projects in turn, within each the one due longest (docs/accounting.md, H4). */
import { longestWait } from '../../accounting/histories/unverified.ts';
import type { Row } from '../../domain/row.ts';
import type { Micros } from '../../domain/time.ts';
import type { Context, Deps } from '../context.ts';

/** A session whose history is to be read now. */
export type Due = { readonly ctx: Context; readonly row: Row };

/** Due is what is due up to `until`, and what lies beyond `farthest`: that is left over from a clock that was wrong. Server time. */
type Times = { readonly until: Micros; readonly farthest: Micros };

export class Queue {
  readonly projects: () => readonly Context[];
  readonly #deps: Deps;
  readonly #failed: (ctx: Context, error: unknown) => void;
  /** Sessions on their way, and large ones that rest: `Clock.elapsed` until which they are left alone. */
  readonly #held = new Map<string, number>();
  readonly #paused = new Map<number, number>();
  #turn = 0;

  /** `failed` hears of a project whose state cannot be read just now. */
  constructor(projects: () => readonly Context[], deps: Deps, failed: (ctx: Context, error: unknown) => void) {
    this.projects = projects;
    this.#deps = deps;
    this.#failed = failed;
  }

  /**
   * Takes the next session out; null: none is due. `now`: the server time; `grace`: how long a session stays after it is due. `untriedFirst`:
   * one that has failed least often goes before those that are due for longer.
   */
  async next(now: () => Micros, grace: Micros, untriedFirst: boolean): Promise<Due | null> {
    const projects = this.projects();
    this.#forgetRested();
    for (let i = 0; i < projects.length; i++) {
      const at = (this.#turn + i) % projects.length;
      const ctx = projects[at] as Context;
      // Anew for each project: while the state of one is read, a retry of another may be set for the longest wait from then on.
      const times = this.#times(now(), grace);
      if (!isDue(ctx.state.nextDue, times) || this.#isPaused(ctx)) continue;
      const row = await this.#take(ctx, times, untriedFirst).catch((error: unknown) => this.#failed(ctx, error));
      if (!row) continue;
      this.#turn = at + 1;
      return { ctx, row };
    }
    return null;
  }

  /** A retry is set for the longest wait from now on: measured from the grace before, it would lie beyond it and be due at once. */
  #times(now: Micros, grace: Micros): Times {
    return { until: now - grace, farthest: now + longestWait(this.#deps.timing.poll) };
  }

  /** The session was dealt with. */
  done({ ctx, row }: Due): void {
    const key = nameOf(ctx, row.id);
    if (this.#held.get(key) === Number.POSITIVE_INFINITY) this.#held.delete(key);
  }

  /** Leaves a session alone until a moment of `Clock.elapsed`. */
  hold(ctx: Context, row: Row, until: number): void {
    if (until > this.#deps.clock.elapsed()) this.#held.set(nameOf(ctx, row.id), until);
  }

  /** Leaves a project alone until a moment of `Clock.elapsed`. */
  pause(ctx: Context, until: number): void {
    this.#paused.set(ctx.state.key, until);
  }

  #isPaused({ state }: Context): boolean {
    return this.#paused.has(state.key) || this.#deps.clock.elapsed() < state.quietUntil;
  }

  async #take(ctx: Context, { until, farthest }: Times, untriedFirst: boolean): Promise<Row | null> {
    const { state } = ctx;
    const known = state.nextDue;
    state.nextDue = null;
    // Where the state cannot be read, the project is due as before.
    let next = known;
    try {
      const rows = await this.#deps.store.dueRows(
        state.key,
        until,
        farthest,
        this.#heldOf(ctx) + (untriedFirst ? LOOKED_AT : 1),
      );
      const free = rows.filter(({ id }) => !this.#held.has(nameOf(ctx, id)));
      const row = untriedFirst ? leastTried(free) : free[0];
      if (row === undefined) {
        next = await this.#nextDue(ctx, until, rows.length > 0);
        return null;
      }
      this.#held.set(nameOf(ctx, row.id), Number.POSITIVE_INFINITY);
      return row;
    } finally {
      // A commit in the meantime may have brought one that is due earlier.
      if (next !== null) state.nextDue = Math.min(state.nextDue ?? next, next);
    }
  }

  /** Where all that is due is held, the project is looked at again in a moment. */
  async #nextDue({ state }: Context, until: Micros, isHeld: boolean): Promise<Micros | null> {
    const next = await this.#deps.store.nextDue(state.key);
    return isHeld && next !== null ? Math.max(next, until + HELD_PAUSE) : next;
  }

  #heldOf({ state }: Context): number {
    const prefix = `${state.key}/`;
    let held = 0;
    for (const name of this.#held.keys()) if (name.startsWith(prefix)) held += 1;
    return held;
  }

  #forgetRested(): void {
    const now = this.#deps.clock.elapsed();
    for (const [name, until] of this.#held) if (until <= now) this.#held.delete(name);
    for (const [key, until] of this.#paused) if (until <= now) this.#paused.delete(key);
  }
}

/** Rows among which the least tried one is looked for. */
const LOOKED_AT = 500;

/** Of those that were tried least the newest: older ones may have come with the failures. */
function leastTried(rows: readonly Row[]): Row | undefined {
  const tries = ({ history }: Row): number => history.unverified?.tries ?? 0;
  return rows.toReversed().toSorted((a, b) => tries(a) - tries(b))[0];
}

/** Microseconds. */
const HELD_PAUSE: Micros = 1_000_000;

function nameOf({ state }: Context, sessionId: string): string {
  return `${state.key}/${sessionId}`;
}

function isDue(at: Micros | null, { until, farthest }: Times): boolean {
  return at !== null && (at <= until || at > farthest);
}
