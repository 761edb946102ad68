/** Members in tests: several in one process over one database, with short leases, each with the life that the poller gives it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '../../../../src/clock.ts';
import type { ExporterError } from '../../../../src/domain/errors.ts';
import { SILENT } from '../../../../src/domain/observer.ts';
import type { Claimed, Owned, SharedFacts, Turn } from '../../../../src/domain/replicas.ts';
import { type Micros, SECOND } from '../../../../src/domain/time.ts';
import type { ProjectView } from '../../../../src/domain/view.ts';
import type { Tuning } from '../../../../src/state/postgres/members/tuning.ts';
import { openTunedPostgres, type PostgresState } from '../../../../src/state/postgres/open.ts';
import { RecordingLogger } from '../../../fakes/recording-logger.ts';
import { admissionOf, ZERO_TOTALS } from '../../contract/values.ts';

/** Long enough for a busy machine, and a tenth of the real ones. */
export const QUICK: Tuning = { lease: 1.5 * SECOND, beatMs: 150, deadlineMs: 1_200, refreshMs: 2_000 };
/** Leases that do not end while a test runs. */
export const LASTING: Tuning = { lease: 60 * SECOND, beatMs: 100, deadlineMs: 48_000, refreshMs: 10_000 };

export type MemberOptions = {
  readonly tuning?: Tuning;
  readonly rules?: string;
  /** False: it claims nothing by itself. */
  readonly claims?: boolean;
};

export class TestMember {
  readonly state: PostgresState;
  readonly logger: RecordingLogger;
  readonly held = new Map<Owned, Claimed>();
  readonly everLost: Owned[] = [];
  readonly turns: Turn[] = [];
  readonly views: Map<string, ProjectView>;
  readonly told: Told;
  rules: { value: string };
  readonly #stop = new AbortController();
  readonly #gate: Gate;
  readonly #claims: boolean;
  #running: Promise<void> | null = null;

  private constructor(
    state: PostgresState,
    logger: RecordingLogger,
    told: Told,
    gate: Gate,
    options: MemberOptions,
    rules: { value: string },
  ) {
    this.state = state;
    this.logger = logger;
    this.told = told;
    this.views = told.views;
    this.#gate = gate;
    this.#claims = options.claims ?? true;
    this.rules = rules;
  }

  static async open(url: string, name: string, options: MemberOptions = {}): Promise<TestMember> {
    const logger = new RecordingLogger();
    const told = new Told();
    const gate = new Gate();
    const rules = { value: options.rules ?? 'rules' };
    const state = await openTunedPostgres(
      url,
      {
        clock: { ...systemClock, sleep: (ms, signal) => gate.pass(() => systemClock.sleep(ms, signal)) },
        logger,
        observer: SILENT,
        replicaObserver: told,
        name,
        version: 'test',
        rules: () => rules.value,
        password: () => null,
        zeroTotals: () => ZERO_TOTALS,
        sink: {
          publisher: { put: (view) => told.views.set(view.project.id, view), drop: (id) => told.views.delete(id) },
          setShared: (facts) => {
            told.shared = facts;
          },
        },
        fatal: (error) => told.fatal.push(error),
      },
      options.tuning ?? QUICK,
    );
    return new TestMember(state, logger, told, gate, options, rules);
  }

  /** Begins to beat. */
  start(): this {
    this.#running = this.state.replicas.run(this.#stop.signal, (turn) => this.#follow(turn));
    return this;
  }

  /** Ends as on SIGTERM. */
  async stop(): Promise<void> {
    this.#gate.open();
    this.#stop.abort();
    await this.#running;
    await this.state.close();
  }

  /** Ends as on SIGKILL: nothing is given back. */
  async vanish(): Promise<void> {
    await this.state.store.close();
    await this.stop();
  }

  /** Its heartbeats stop, as those of a process that is frozen; other calls work. */
  freeze(): void {
    this.#gate.close();
  }

  thaw(): void {
    this.#gate.open();
  }

  get discovers(): boolean {
    return this.turns.at(-1)?.discovers ?? false;
  }

  async #follow(turn: Turn): Promise<void> {
    this.turns.push(turn);
    for (const key of turn.lost) {
      this.everLost.push(key);
      this.held.delete(key);
    }
    await this.state.replicas.release(turn.surplus);
    for (const key of turn.surplus) this.held.delete(key);
    if (!this.#claims || turn.wanted.length === 0) return;
    for (const claimed of await this.state.replicas.claim(turn.wanted)) this.held.set(claimed.key, claimed);
  }
}

/** What a member has told. */
export class Told {
  readonly views = new Map<string, ProjectView>();
  shared: SharedFacts | null = null;
  readonly fatal: ExporterError[] = [];
  claims = 0;
  renewals = 0;
  readonly refreshes: number[] = [];
  readonly commitsLost: string[] = [];
  inDoubt = 0;

  claimed(projects: number): void {
    this.claims += projects;
  }

  commitLost(reason: string): void {
    this.commitsLost.push(reason);
  }

  commitInDoubt(): void {
    this.inDoubt += 1;
  }

  renewed(projects: number): void {
    this.renewals += projects;
  }

  refreshed(seconds: number): void {
    this.refreshes.push(seconds);
  }
}

/** Lets nobody wake up while it is closed. */
class Gate {
  #opened = Promise.resolve();
  #open: () => void = () => {};

  close(): void {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#opened = promise;
    this.#open = resolve;
  }

  open(): void {
    this.#open();
  }

  async pass(sleeping: () => Promise<void>): Promise<void> {
    try {
      await sleeping();
    } finally {
      await this.#opened;
    }
  }
}

/** Resolves once it holds; an error that names it after ten seconds. */
export async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + 10_000;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`not within 10 s: ${what}`);
    await sleep(20);
  }
}

/** Admits projects `p0`, `p1` ... as the member that discovers. */
export async function admit(member: TestMember, count: number, from = 0): Promise<void> {
  await until('somebody discovers', () => member.discovers);
  const ids = Array.from({ length: count }, (_, no) => `p${from + no}`);
  const at: Micros = 1_000_000;
  await member.state.store.admit(
    'default',
    at,
    ids.map((id) => admissionOf(id)),
  );
  member.state.replicas.hurry();
}
