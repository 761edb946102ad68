/** The sessions that the users of one project open, choose, use and delete. */

import type { Project } from '../world/projects.ts';
import type { Random } from '../world/random.ts';
import type { Session } from '../world/types.ts';
import type { World } from '../world/world.ts';
import { drawIndexes } from './prefill.ts';
import type { WorkloadProfile } from './profiles.ts';

/** How many random picks to make before giving up on finding an idle session. */
const TRIES = 4;

/**
 * Nobody deletes a session that was used within this time, microseconds of the world's clock at any speed: an exporter has read its event
 * history by then, so that what it counts can be compared with the truth.
 */
const KEPT_FOR = 10 * 60_000_000;

/** Opens sessions of a project, chooses among them and deletes them, at random. */
export class ActiveSessions {
  readonly project: Project;
  readonly profile: WorkloadProfile;
  readonly random: Random;
  readonly #world: World;
  readonly #indexes: readonly string[];
  readonly #sessions: Session[];
  /** Sessions in the middle of a burst, which nobody else chooses or deletes. */
  readonly #engaged = new Set<Session>();

  constructor(world: World, project: Project, profile: WorkloadProfile) {
    this.#world = world;
    this.project = project;
    this.profile = profile;
    this.random = world.random.fork(`life of ${project.id}`);
    this.#indexes = Array.from({ length: 4 }, () => `idx-${this.random.hex(8)}`);
    // Nobody returns to a session that was opened in the past and never used.
    this.#sessions = project.sessions.filter(({ current, runs }) => current !== null && runs.length > 0);
  }

  /** Opens a session. */
  open(): Session {
    const session = this.#world.addSession(this.project.id, { indexIds: drawIndexes(this.random, this.#indexes) });
    this.#sessions.push(session);
    return session;
  }

  /** Marks the session as in a burst; false when it is in one already, or deleted. */
  engage(session: Session): boolean {
    if (session.current === null || session.running !== null || this.#engaged.has(session)) return false;
    this.#engaged.add(session);
    return true;
  }

  /** Ends the session's burst. */
  release(session: Session): void {
    this.#engaged.delete(session);
  }

  /** A session to talk in: a new one, or an old one that is idle. */
  choose(): Session {
    const known = this.random.chance(this.profile.newSessionShare) ? undefined : this.any();
    return known ?? this.open();
  }

  /** Any idle session; undefined if a few random picks find none. */
  any(): Session | undefined {
    for (let tries = this.#sessions.length === 0 ? 0 : TRIES; tries > 0; tries -= 1) {
      const session = this.random.pick(this.#sessions);
      const idle = session.current !== null && session.running === null && !this.#engaged.has(session);
      if (idle) return session;
    }
    return undefined;
  }

  /** Deletes any idle session that has been quiet for a while. */
  deleteOne(): void {
    const session = this.any();
    if (session === undefined || lastUse(session) > this.#world.clock.now() - KEPT_FOR) return;
    this.#world.delete(session.id);
    const last = this.#sessions.pop();
    const place = this.#sessions.indexOf(session);
    if (last !== undefined && place >= 0) this.#sessions[place] = last;
  }
}

/** When the session was last changed or ended a run: the list may show the beginning of a run only. Microseconds of the world's clock. */
function lastUse({ current, runs }: Session): number {
  return Math.max(current?.updatedAt ?? 0, runs.at(-1)?.finishedAt ?? 0);
}
