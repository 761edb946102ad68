/** A member in a test: a state with a heartbeat, and the life that the poller gives it. It can also vanish or freeze. */
import { systemClock } from '../../../../src/clock.ts';
import { SILENT } from '../../../../src/domain/observer.ts';
import type { Claimed, Owned, Turn } from '../../../../src/domain/replicas.ts';
import type { ProjectView } from '../../../../src/domain/view.ts';
import type { Tuning } from '../../../../src/state/postgres/members/tuning.ts';
import { openTunedPostgres, type PostgresState } from '../../../../src/state/postgres/open.ts';
import { RecordingLogger } from '../../../fakes/recording-logger.ts';
import { ZERO_TOTALS } from '../../contract/values.ts';
import { Told } from './told.ts';
import { QUICK } from './tunings.ts';

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
