/** Members that serve what they share: a state in PostgreSQL with the exposition over it, several in one process. */
import { gunzipSync } from 'node:zlib';
import { systemClock } from '../../../src/clock.ts';
import { SILENT } from '../../../src/domain/observer.ts';
import type { Owned, Turn } from '../../../src/domain/replicas.ts';
import type { Format, Part } from '../../../src/domain/serving.ts';
import { createMetrics, type Metrics } from '../../../src/metrics/metrics.ts';
import { openTunedPostgres, type PostgresState } from '../../../src/state/postgres/open.ts';
import { RULES } from '../../builders/values.ts';
import { RecordingLogger } from '../../fakes/recording-logger.ts';
import { admissionOf, commitOf, totalsOf, ZERO_TOTALS } from '../contract/values.ts';
import { LASTING } from './members/tunings.ts';

const BUILD = { version: '1.2.3', revision: 'abcdef', nodeVersion: 'v26.0.0' };

export class ServingMember {
  readonly metrics: Metrics;
  readonly owned = new Set<Owned>();
  #state: PostgresState | null = null;
  #turn: Turn | null = null;
  readonly #stopping = new AbortController();
  #running: Promise<void> = Promise.resolve();

  private constructor() {
    const shared = { fresh: () => this.state.refresher.refresh(), facts: () => this.state.replicas.facts() };
    const parts = { clock: systemClock, log: new RecordingLogger(), rules: RULES, build: BUILD };
    this.metrics = createMetrics({ ...parts, processMetrics: false, shared });
    this.metrics.start();
  }

  static async open(url: string, name: string): Promise<ServingMember> {
    const member = new ServingMember();
    const { metrics } = member;
    member.#state = await openTunedPostgres(
      url,
      {
        clock: systemClock,
        logger: new RecordingLogger(),
        observer: SILENT,
        name,
        version: 'test',
        replicaObserver: metrics.replicas,
        rules: () => 'rules',
        password: () => null,
        zeroTotals: () => ZERO_TOTALS,
        sink: metrics,
        fatal: (error) => {
          throw error;
        },
      },
      { ...LASTING, refreshMs: 2_000 },
    );
    member.#running = member.state.replicas.run(member.#stopping.signal, (turn) => member.#follow(turn));
    return member;
  }

  get state(): PostgresState {
    if (this.#state === null) throw new Error('not open');
    return this.#state;
  }

  /** True when it has what hashing gives it, as of its last turn. */
  get isUnchanged(): boolean {
    return this.#turn !== null && this.#turn.wanted.length + this.#turn.surplus.length === 0;
  }

  get discovers(): boolean {
    return this.#turn?.discovers ?? false;
  }

  /** Adds projects as a discovery does. */
  async admit(ids: readonly string[]): Promise<void> {
    await this.state.store.admit(
      'default',
      1_000_000,
      ids.map((id) => admissionOf(id)),
    );
    this.state.replicas.hurry();
  }

  /** Commits that a project has had so many runs. */
  count(key: Owned, runs: number): Promise<void> {
    const totals = totalsOf(runs, { nextNo: 0, sweeps: 1 });
    return this.state.store.commit(commitOf(key, [], { totals: { ...totals, gauges: ZERO_TOTALS.gauges } }));
  }

  async scrape(part: Part, format: Format = 'text'): Promise<string> {
    return gunzipSync(await this.metrics.source.gzip(part, format)).toString();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
    await this.state.close();
    await this.metrics.stop();
  }

  async #follow(turn: Turn): Promise<void> {
    this.#turn = turn;
    const { replicas } = this.state;
    for (const key of [...turn.surplus, ...turn.lost]) this.owned.delete(key);
    await replicas.release(turn.surplus);
    for (const { key } of await replicas.claim(turn.wanted)) this.owned.add(key);
  }
}
