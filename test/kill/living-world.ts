/** A world in which something happens every few milliseconds, and which knows what. */

import { type Simulator, startSimulator } from '../../src/simulator/api/server.ts';
import { SystemClock } from '../../src/simulator/world/clock.ts';
import { failed, succeeded } from '../../src/simulator/world/runs.ts';
import { projectTruth } from '../../src/simulator/world/truth.ts';
import type { Outcome } from '../../src/simulator/world/types.ts';
import { createWorld, type World } from '../../src/simulator/world/world.ts';

/** Each session does something every few seconds: often enough to be cut off by a kill, and at rest often enough to be verified between two. */
const TICK_MS = 30;
const SESSIONS = 45;
const PAGE = 10;
/** Microseconds: so long ago the sessions ran that were there before. */
const HOUR = 3_600_000_000;

/** What happened in a project since life began. */
export type Happened = {
  readonly runs: number;
  readonly errors: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly turns: number;
};

export class LivingWorld {
  readonly simulator: Simulator;
  readonly #world: World;
  #timer: NodeJS.Timeout | null = null;
  #since = 0;
  #nthRun = 0;

  private constructor(world: World, simulator: Simulator) {
    this.#world = world;
    this.simulator = simulator;
  }

  /** Projects with sessions that ran before; nothing happens yet. */
  static async start(seed: number, projects = 3, sessions = SESSIONS): Promise<LivingWorld> {
    const world = createWorld({ seed, clock: new SystemClock(), order: 'newest', pageSizeMax: PAGE });
    const living = new LivingWorld(world, await startSimulator({ world }));
    for (let i = 0; i < projects; i++) {
      const { id } = world.addProject({ name: `project ${i}` });
      if (i === 2) world.projects.known(id).replica.reorder('id');
      for (let s = 0; s < sessions; s++) living.#open(id, s % 3, world.clock.now() - HOUR + s);
    }
    return living;
  }

  get projects(): readonly string[] {
    return this.#world.projects.all().map((project) => project.id);
  }

  /** Life begins: what happens from now on has to be counted. */
  begin(): void {
    this.#since = this.#world.clock.now();
    this.#timer = setInterval(() => this.#happen(), TICK_MS);
  }

  /** Life ends; runs under way end first. */
  end(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    for (const project of this.#world.projects.all()) {
      for (const { id, running } of project.sessions) if (running !== null) this.#world.finishRun(id, this.#outcome());
    }
  }

  /** One run in each project. */
  runEverywhere(): void {
    for (const { sessions } of this.#world.projects.all()) {
      const [first] = sessions;
      if (first !== undefined) this.#world.runOnce(first.id, this.#outcome());
    }
  }

  truth(projectId: string): Happened {
    const truth = projectTruth(this.#world.projects.known(projectId), this.#since);
    return {
      runs: truth.runs,
      errors: truth.failed_runs,
      inputTokens: truth.input_tokens,
      outputTokens: truth.output_tokens,
      turns: truth.turns,
    };
  }

  #happen(): void {
    const { random } = this.#world;
    const project = random.pick(this.#world.projects.all());
    const session = random.pick(project.sessions);
    const lot = random.next();
    if (lot < 0.02) this.#open(project.id, 0, this.#world.clock.now());
    else if (lot < 0.06) this.#world.touch(session.id);
    else if (session.running !== null) this.#world.finishRun(session.id, this.#outcome());
    else if (lot < 0.2) this.#world.startRun(session.id);
    else for (let left = lot < 0.3 ? 3 : 1; left > 0; left--) this.#world.runOnce(session.id, this.#outcome());
  }

  #open(projectId: string, runs: number, at: number): void {
    const { id } = this.#world.addSession(projectId, { at });
    for (let i = 0; i < runs; i++) this.#world.runOnce(id, this.#outcome(), at + i + 1);
  }

  /** No two runs are alike. */
  #outcome(): Outcome {
    const n = ++this.#nthRun;
    const outcome = succeeded(100 + n / 8, n, 2 * n, 1 + (n % 7));
    return n % 10 === 0 ? failed(outcome, 'timeout', `request ${n} timed out`) : outcome;
  }
}
