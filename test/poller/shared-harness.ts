/** A poller beside others over one state, where the test plays the other processes: it gives each turn by hand. */

import { zeroStats } from '../../src/domain/polls.ts';
import type { Claimed, Owned, Replicas, Turn, Wanted } from '../../src/domain/replicas.ts';
import { NO_CURSORS, type StoredProject } from '../../src/domain/store.ts';
import type { ProjectView } from '../../src/domain/view.ts';
import type { Carried } from '../../src/poller/context.ts';
import { FailureLog } from '../../src/poller/maintenance/failure-log.ts';
import { Poller } from '../../src/poller/poller.ts';
import { Harness } from './harness.ts';

export class HandedReplicas implements Replicas {
  /** Keys that were given back, in order. */
  readonly released: Owned[] = [];
  /** True once the lease was given back. */
  hasEnded = false;
  /** What is claimed is as the state has it then. */
  stored: () => Promise<readonly StoredProject[]>;
  #onTurn: (turn: Turn) => Promise<void> = async () => {};
  #hasTurns: () => void = () => {};
  readonly #begun = new Promise<void>((resolve) => {
    this.#hasTurns = resolve;
  });

  constructor(stored: () => Promise<readonly StoredProject[]>) {
    this.stored = stored;
  }

  isAlive = (): boolean => true;
  hurry = (): void => {};
  yields = 0;
  yieldDiscovery = (): void => {
    this.yields += 1;
  };
  isLeaving = false;
  leave = (): void => {
    this.isLeaving = true;
  };
  facts = () => ({ members: [], leaseSeconds: 8, owned: 0, rules: 'rules' });

  async run(signal: AbortSignal, onTurn: (turn: Turn) => Promise<void>): Promise<void> {
    this.#onTurn = onTurn;
    this.#hasTurns();
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
    this.hasEnded = true;
  }

  async claim(wanted: readonly Wanted[]): Promise<readonly Claimed[]> {
    const keys: readonly number[] = wanted;
    const projects = (await this.stored()).filter(({ key }) => keys.includes(key));
    return projects.map((stored) => ({ key: stored.key as Owned, stored, admittedFor: 1e12 }));
  }

  async release(owned: readonly Owned[]): Promise<void> {
    this.released.push(...owned);
  }

  /** A turn after a heartbeat. */
  async turn(what: {
    wanted?: readonly number[];
    surplus?: readonly number[];
    lost?: readonly number[];
    discovers?: boolean;
  }): Promise<void> {
    await this.#begun;
    await this.#onTurn({
      projects: (await this.stored()).filter(({ leftAt }) => leftAt === null),
      wanted: (what.wanted ?? []) as Wanted[],
      surplus: (what.surplus ?? []) as Owned[],
      lost: (what.lost ?? []) as Owned[],
      discovers: what.discovers ?? false,
      discoveries: {},
      now: 0,
    });
  }
}

/** A poller that shares the state of a harness, whose projects were discovered by an earlier process. */
export class SharedHarness {
  readonly h: Harness;
  readonly replicas: HandedReplicas;
  readonly poller: Poller;

  private constructor(h: Harness, replicas: HandedReplicas, poller: Poller) {
    this.h = h;
    this.replicas = replicas;
    this.poller = poller;
  }

  static async start(projects: readonly string[]): Promise<SharedHarness> {
    const h = await Harness.start((x) => {
      for (const id of projects) if (id !== 'p') x.api.addProject(id);
    });
    return SharedHarness.#open(h, new Map());
  }

  /** The next poller of this process, after `poller` was stopped. `carried`: what that one knew. */
  reload(carried: ReadonlyMap<string, Carried>): Promise<SharedHarness> {
    return SharedHarness.#open(this.h, carried);
  }

  static async #open(h: Harness, carried: ReadonlyMap<string, Carried>): Promise<SharedHarness> {
    const replicas = new HandedReplicas(async () => (await h.store.restore()).projects);
    const { clock, logger, store, rules, timing } = h;
    const publisher = {
      put: (view: ProjectView) => void h.views.set(view.project.id, view),
      drop: (id: string) => void h.views.delete(id),
    };
    const failureLog = new FailureLog(logger, clock);
    const fatal = (): void => {};
    const deps = { store, publisher, observer: h.observer, logger, clock, failureLog, rules, timing, fatal };
    const plan = { source: h.api, selects: () => true, maxPages: 1000, concurrency: 4, historyMegabytesPerMinute: 100 };
    const poller = new Poller([plan], deps, await store.restore(), carried, replicas);
    poller.start();
    return new SharedHarness(h, replicas, poller);
  }

  /** As if another process had polled the first project so often, and saved that. */
  async polledElsewhere(times: number): Promise<void> {
    const [key] = await this.keys();
    const zero = zeroStats(NO_CURSORS);
    const stats = { ...zero, polls: { ...zero.polls, head: { success: times, failure: 0, skipped: 0 } } };
    await this.h.store.saveProgress(new Map([[key ?? 0, { cursors: NO_CURSORS, stats }]]));
  }

  /** Keys of all projects, in the order of their admission. */
  async keys(): Promise<readonly number[]> {
    return (await this.replicas.stored()).map(({ key }) => key);
  }

  /** Ids of the projects that have a worker here. */
  polled(): readonly string[] {
    return this.poller.registry.workers().map(({ ctx }) => ctx.state.project.id);
  }
}
