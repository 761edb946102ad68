/** The workload: when conversations begin, how their runs follow each other, and how fast time passes. Read this first in `workload/`. */

import type { Project } from '../world/projects.ts';
import type { Session } from '../world/types.ts';
import type { World } from '../world/world.ts';
import { ActiveSessions } from './active-sessions.ts';
import { drawBurst, drawOutcome, drawPause, drawRest } from './conversations.ts';
import { EventQueue } from './event-queue.ts';
import type { WorkloadProfile } from './profiles.ts';

const HOUR_MS = 3_600_000;

/** How often a running workload looks at the clock, in milliseconds. */
const TICK_MS = 50;

/**
 * People come, talk to an agent in bursts of runs, rest and perhaps come back; others open, update or delete a session.
 * Seeded: the same world, steps and profiles give the same events. With `speed` 10 people come ten times as often, and
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

  /** Gives a project users; they use its existing sessions too. */
  addProject(project: Project, profile: WorkloadProfile): void {
    const active = new ActiveSessions(this.#world, project, profile);
    this.#queue.plan(this.#now + this.#wait(active), () => this.#arrive(active));
  }

  /** Lets milliseconds of the world's clock pass; moves a hand-driven clock along, event by event. */
  step(ms: number): void {
    const start = this.#world.clock.now();
    const from = this.#now;
    const until = from + ms * this.#speed;
    for (let next = this.#queue.takeUntil(until); next !== undefined; next = this.#queue.takeUntil(until)) {
      this.#now = next.at;
      this.#world.clock.moveTo(start + Math.round(((next.at - from) / this.#speed) * 1000));
      next.run();
    }
    this.#now = until;
    this.#world.clock.moveTo(start + Math.round(ms * 1000));
  }

  /** Runs by this machine's clock until `stop`; pauses while the world rests. Does not keep the process alive. */
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

  #arrive(active: ActiveSessions): void {
    this.#queue.plan(this.#now + this.#wait(active), () => this.#arrive(active));
    const { neverRunShare, touchShare, deleteShare } = active.profile;
    const draw = active.random.next();
    if (draw < neverRunShare) active.open();
    else if (draw < neverRunShare + touchShare) this.#touch(active.any());
    else if (draw < neverRunShare + touchShare + deleteShare) active.deleteOne();
    else this.#burst(active, active.choose());
  }

  #touch(session: Session | undefined): void {
    if (session !== undefined) this.#world.touch(session.id);
  }

  #burst(active: ActiveSessions, session: Session): void {
    if (active.engage(session)) this.#run(active, session, drawBurst(active.random, active.profile));
  }

  /** One run of a burst; `left` counts the runs to come, this one included. The burst ends if the session was deleted or run by somebody else. */
  #run(active: ActiveSessions, session: Session, left: number): void {
    if (session.current === null || session.running !== null) return active.release(session);
    const outcome = drawOutcome(active.random, active.profile);
    this.#world.startRun(session.id);
    const { running } = session;
    const takes = (outcome.figures.duration_ms ?? 0) * this.#speed;
    this.#queue.plan(this.#now + takes, () => {
      if (session.running !== running) return active.release(session);
      this.#world.finishRun(session.id, outcome);
      return left > 1 ? this.#pause(active, session, left - 1) : this.#rest(active, session);
    });
  }

  #pause(active: ActiveSessions, session: Session, left: number): void {
    const pause = drawPause(active.random, active.profile);
    this.#queue.plan(this.#now + pause, () => this.#run(active, session, left));
  }

  #rest(active: ActiveSessions, session: Session): void {
    active.release(session);
    const rest = drawRest(active.random, active.profile);
    if (rest !== null) this.#queue.plan(this.#now + rest, () => this.#burst(active, session));
  }

  /** The wait for the next arrival, in milliseconds: a little shorter by day than by night. */
  #wait(active: ActiveSessions): number {
    const mean = HOUR_MS / active.profile.arrivalsPerHour;
    return active.random.exponential(mean / rhythm(this.#world.clock.now()));
  }
}

/** How busy the hour is: 1.3 in the early afternoon UTC, 0.7 in the small hours. */
export function rhythm(now: number): number {
  const hour = (now / 1000 / HOUR_MS) % 24;
  return 1 + 0.3 * Math.cos(((hour - 14) / 24) * 2 * Math.PI);
}
