/**
 * Reads what all members have committed, in rounds that never overlap, and hands on what has changed. What it knows never goes back:
 * after a failover it renews what the database has lost before it reads on.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { ExporterError } from '../../../domain/errors.ts';
import type { Logger } from '../../../domain/logger.ts';
import type { ReplicaObserver } from '../../../domain/replicas.ts';
import type { Clock } from '../../../domain/time.ts';
import { isBehind, setBack } from '../failover/compare.ts';
import { renewProject, type ZeroTotals } from '../failover/renew-project.ts';
import { isPaused, timelineOf } from '../failover/server.ts';
import type { Clients } from '../members/database.ts';
import { Known } from './known.ts';
import { type KnownProject, readProjects } from './project-rows.ts';
import type { Publishing } from './publishing.ts';
import { SharedRounds } from './shared-rounds.ts';
import { readSituation, type Situation } from './situation.ts';
import { readVersions } from './versions.ts';
import type { Clocks } from './view.ts';

/** One round: the situation, when it was, and whether the members still wait after a failover. */
export type Seen = { readonly situation: Situation; readonly clocks: Clocks; readonly isPaused: boolean };

/** A part of what a round has brought; known already. Nothing comes while the members wait. */
export type Changes = { readonly changed: readonly KnownProject[]; readonly gone: readonly KnownProject[] };

export type ReaderDeps = {
  readonly clients: Clients;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly observer: ReplicaObserver;
  readonly zeroTotals: ZeroTotals;
  readonly publishing: Pick<Publishing, 'change' | 'complete'>;
};

/** Projects that are read and parsed without a pause: some milliseconds. */
const AT_ONCE = 100;

export class Reader {
  readonly known = new Known();
  readonly #deps: ReaderDeps;
  readonly #rounds = new SharedRounds(() => this.#round());
  /** Where what is known comes from. */
  #timeline: string | null = null;
  #generation: number | null = null;
  #seen: Seen | null = null;
  #completed: Seen | null = null;

  constructor(deps: ReaderDeps) {
    this.#deps = deps;
  }

  /** As of the last round; null: there was none. */
  get seen(): Seen | null {
    return this.#seen;
  }

  /** The last round that has published all it found; another object after each; null: there was none. */
  get completed(): Seen | null {
    return this.#completed;
  }

  /** Resolves once all is known that was committed before the call. Rejects with an ExporterError of code `state` or `startup`. */
  read(): Promise<Seen> {
    return this.#rounds.join();
  }

  async #round(): Promise<Seen> {
    const { clients, clock, publishing } = this.#deps;
    const before = clock.now();
    const situation = await readSituation(clients.refresh);
    const clocks = { database: situation.now, ours: Math.round((before + clock.now()) / 2) };
    await this.#follow(situation);
    const seen = { situation, clocks, isPaused: isPaused(situation) };
    this.#seen = seen;
    if (seen.isPaused) return seen;
    await this.#catchUp(seen);
    publishing.complete(this.known, seen);
    this.#completed = seen;
    return seen;
  }

  /** On a new timeline, or after a renewal of everything, what was known before is void. */
  async #follow(situation: Situation): Promise<void> {
    const timeline = timelineOf(situation, this.#timeline);
    if (this.#timeline !== null && timeline !== this.#timeline) await this.#compare(timeline);
    if (timeline !== this.#timeline || situation.generation !== this.#generation) this.known.makeVoid();
    this.#timeline = timeline;
    this.#generation = situation.generation;
  }

  async #compare(timeline: string): Promise<void> {
    const { clients, logger } = this.#deps;
    const projects = await setBack(clients.work, this.known.all());
    logger.warn('PostgreSQL has failed over', { timeline, projects_set_back: projects.length });
    for (const project of projects) await this.#renew(project);
  }

  /** `seen`: as it was before the database lost commits. */
  async #renew({ stored, rev }: KnownProject): Promise<void> {
    const { clients, logger, observer, zeroTotals } = this.#deps;
    if (!(await renewProject(clients.work, stored.key, rev, zeroTotals))) return;
    observer.renewed(1);
    const { id, name } = stored.project;
    logger.warn('The database has lost commits of a project: its counters restart at 0', {
      project: name,
      project_id: id,
    });
  }

  async #catchUp(seen: Seen): Promise<void> {
    const { known } = this;
    const { clients, publishing } = this.#deps;
    const { digest, projects } = seen.situation;
    if (known.isAsIn(digest, projects)) return;
    const { stale, gone } = known.differences(await readVersions(clients.refresh));
    for (const { stored } of gone) known.delete(stored.key);
    publishing.change({ changed: [], gone }, seen);
    for (let from = 0; from < stale.length; from += AT_ONCE) {
      if (from > 0) await nextTurn();
      const changed = await readProjects(clients.refresh, stale.slice(from, from + AT_ONCE));
      await this.#refuseSetBack(changed);
      for (const project of changed) known.put(project);
      publishing.change({ changed, gone: [] }, seen);
    }
    known.complete();
  }

  /** A database that went back without a new timeline has lost commits all the same. */
  async #refuseSetBack(projects: readonly KnownProject[]): Promise<void> {
    if (this.known.isVoid) return;
    const before = projects.map((project) => ({ project, seen: this.known.get(project.stored.key) }));
    const behind = before.flatMap(({ project, seen }) => (seen !== undefined && isBehind(project, seen) ? [seen] : []));
    if (behind.length === 0) return;
    for (const seen of behind) await this.#renew(seen);
    throw new ExporterError(
      'state',
      `The state in PostgreSQL has gone back: it lacked commits of ${behind.length} projects that it had shown.`,
      'Their counters restart at 0 by themselves; see whether the database was restored while exporters were running.',
    );
  }
}
