import { drawIndexes } from './prefill.ts';
import type { Project } from './projects.ts';
import type { Random } from './random.ts';
import type { Temper } from './tempers.ts';
import type { Session } from './types.ts';
import type { World } from './world.ts';

/** How many sessions count as used lately: people come back to these. */
const RECENT = 50;

/** How often chance looks for an idle session before it gives up. */
const TRIES = 4;

/** The sessions of one project, as those who use them see it: some used lately, all of them to choose from. */
export class Troupe {
  readonly project: Project;
  readonly temper: Temper;
  readonly random: Random;
  readonly #world: World;
  readonly #indexes: readonly string[];
  readonly #sessions: Session[];
  #recent: Session[] = [];

  constructor(world: World, project: Project, temper: Temper) {
    this.#world = world;
    this.project = project;
    this.temper = temper;
    this.random = world.random.fork(`life of ${project.id}`);
    this.#indexes = Array.from({ length: 4 }, () => `idx-${this.random.hex(8)}`);
    this.#sessions = project.sessions.filter((session) => session.current !== null);
  }

  /** Opens a session. */
  open(): Session {
    const session = this.#world.addSession(this.project.id, { indexIds: drawIndexes(this.random, this.#indexes) });
    this.#sessions.push(session);
    return session;
  }

  /** A session to talk in: a new one, or one used lately that is idle. */
  choose(): Session {
    const { newSessionShare } = this.temper;
    const known = this.random.chance(newSessionShare)
      ? undefined
      : this.#idle(this.random.chance(0.9) ? this.#recent : this.#sessions);
    const session = known ?? this.open();
    this.#recent = [...this.#recent.filter((other) => other !== session), session].slice(-RECENT);
    return session;
  }

  /** Any idle session, if chance finds one. */
  any(): Session | undefined {
    return this.#idle(this.#sessions);
  }

  /** Deletes any idle session. */
  deleteOne(): void {
    const session = this.any();
    if (session === undefined) return;
    this.#world.delete(session.id);
    this.#recent = this.#recent.filter((other) => other !== session);
    const last = this.#sessions.pop();
    const place = this.#sessions.indexOf(session);
    if (last !== undefined && place >= 0) this.#sessions[place] = last;
  }

  #idle(among: readonly Session[]): Session | undefined {
    for (let tries = among.length === 0 ? 0 : TRIES; tries > 0; tries -= 1) {
      const session = this.random.pick(among);
      if (session.current !== null && session.running === null) return session;
    }
    return undefined;
  }
}
