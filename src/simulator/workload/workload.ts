/** Life in the world: when conversations begin, how their runs follow each other, and how fast all of it goes. */

import type { Project } from '../world/projects.ts';
import type { Session } from '../world/types.ts';
import type { World } from '../world/world.ts';
import { Troupe } from './active-sessions.ts';
import { drawBurst, drawPause, drawRest } from './conversations.ts';
import { EventQueue } from './event-queue.ts';
import { drawOutcome } from './outcomes.ts';
import type { Temper } from './profiles.ts';

const HOUR_MS = 3_600_000;

/** How often a workload that lives by itself looks at the clock. */
const TICK_MS = 50;

/**
 * People come, talk to an agent in bursts of runs, rest and perhaps come back; others open, update or delete a session.
 * Seeded: the same world, steps and tempers give the same life. With `speed` 10 people come ten times as often, and
 * pauses and rests are a tenth as long. Runs last as long as they report at any speed, because a service cannot
 * report a run that is longer than the time that passed.
 */
export class Workload {
  readonly #world: World;
  readonly #speed: number;
  readonly #queue = new EventQueue();
  #now = 0;
  #timer: NodeJS.Timeout | null = null;

  constructor(world: World, speed: number) {
    this.#world = world;
    this.#speed = speed;
  }

  /** Brings a project to life; its sessions so far take part. */
  enliven(project: Project, temper: Temper): void {
    const troupe = new Troupe(this.#world, project, temper);
    this.#queue.plan(this.#now + this.#wait(troupe), () => this.#arrive(troupe));
  }

  /** Lets milliseconds of the world's clock pass; a hand-driven clock is moved along, event by event. */
  step(ms: number): void {
    const start = this.#world.clock.now();
    const from = this.#now;
    const until = from + ms * this.#speed;
    for (let next = this.#queue.takeUntil(until); next !== undefined; next = this.#queue.takeUntil(until)) {
      this.#now = next.at;
      this.#world.clock.moveTo(start + Math.round(((next.at - from) / this.#speed) * 1000));
      next.happen();
    }
    this.#now = until;
    this.#world.clock.moveTo(start + Math.round(ms * 1000));
  }

  /** Lives by itself, by this machine's clock, until `stop`; holds still while the world rests. Does not keep the process alive. */
  start(): void {
    this.#world.livesSince ??= this.#world.clock.now();
    let last = performance.now();
    this.#timer = setInterval(() => {
      const now = performance.now();
      if (!this.#world.resting) this.step(now - last);
      last = now;
    }, TICK_MS);
    this.#timer.unref();
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }

  #arrive(troupe: Troupe): void {
    this.#queue.plan(this.#now + this.#wait(troupe), () => this.#arrive(troupe));
    const { neverRunShare, touchShare, deleteShare } = troupe.temper;
    const lot = troupe.random.next();
    if (lot < neverRunShare) troupe.open();
    else if (lot < neverRunShare + touchShare) this.#touch(troupe.any());
    else if (lot < neverRunShare + touchShare + deleteShare) troupe.deleteOne();
    else this.#burst(troupe, troupe.choose());
  }

  #touch(session: Session | undefined): void {
    if (session !== undefined) this.#world.touch(session.id);
  }

  #burst(troupe: Troupe, session: Session): void {
    if (troupe.engage(session)) this.#run(troupe, session, drawBurst(troupe.random, troupe.temper));
  }

  /** One run of a burst; `left` runs are to come, this one included. A session that was deleted or run by somebody else ends it. */
  #run(troupe: Troupe, session: Session, left: number): void {
    if (session.current === null || session.running !== null) return troupe.release(session);
    const outcome = drawOutcome(troupe.random, troupe.temper);
    this.#world.startRun(session.id);
    const { running } = session;
    const takes = (outcome.figures.duration_ms ?? 0) * this.#speed;
    this.#queue.plan(this.#now + takes, () => {
      if (session.running !== running) return troupe.release(session);
      this.#world.finishRun(session.id, outcome);
      return left > 1 ? this.#pause(troupe, session, left - 1) : this.#rest(troupe, session);
    });
  }

  #pause(troupe: Troupe, session: Session, left: number): void {
    const pause = drawPause(troupe.random, troupe.temper);
    this.#queue.plan(this.#now + pause, () => this.#run(troupe, session, left));
  }

  #rest(troupe: Troupe, session: Session): void {
    troupe.release(session);
    const rest = drawRest(troupe.random, troupe.temper);
    if (rest !== null) this.#queue.plan(this.#now + rest, () => this.#burst(troupe, session));
  }

  /** The wait for the next arrival, in milliseconds: shorter by day than by night, a little. */
  #wait(troupe: Troupe): number {
    const mean = HOUR_MS / troupe.temper.arrivalsPerHour;
    return troupe.random.exponential(mean / rhythm(this.#world.clock.now()));
  }
}

/** How busy the hour is: 1.3 in the early afternoon UTC, 0.7 in the small hours. */
export function rhythm(now: number): number {
  const hour = (now / 1000 / HOUR_MS) % 24;
  return 1 + 0.3 * Math.cos(((hour - 14) / 24) * 2 * Math.PI);
}
