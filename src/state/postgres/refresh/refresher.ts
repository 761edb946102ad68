/** The port `Refresher`: a scrape shows what was committed when it was asked for, or nothing. */
import { ExporterError } from '../../../domain/errors.ts';
import type { Refresher, ReplicaObserver } from '../../../domain/replicas.ts';
import type { Clock } from '../../../domain/time.ts';
import type { Reader, Seen } from './reader.ts';

export type RefresherDeps = {
  readonly reader: Pick<Reader, 'read' | 'completed'>;
  readonly clock: Clock;
  readonly observer: ReplicaObserver;
  readonly isAlive: () => boolean;
  /** How long a caller waits, milliseconds; the round continues, so that a later call finds its work done. */
  readonly limitMs: number;
  /** The process cannot continue. */
  readonly fatal: (error: ExporterError) => void;
};

const AGAIN =
  'Nothing needs to be done if it lasts less than half a minute; otherwise see the log of this replica and the database.';

export class PostgresRefresher implements Refresher {
  readonly #deps: RefresherDeps;
  #failure: ExporterError | null = null;
  /** The last complete round when it failed. */
  #completed: Seen | null = null;

  constructor(deps: RefresherDeps) {
    this.#deps = deps;
  }

  /** Rounds that follow heartbeats count too: a member that is not ready may be asked by nobody. */
  get failure(): ExporterError | null {
    return this.#deps.reader.completed === this.#completed ? this.#failure : null;
  }

  async refresh(): Promise<void> {
    const { clock, observer } = this.#deps;
    const began = clock.elapsed();
    try {
      await this.#attempt();
      this.#failure = null;
      observer.refreshed((clock.elapsed() - began) / 1000);
    } catch (error) {
      const failure = asExporterError(error);
      this.#failure = failure;
      this.#completed = this.#deps.reader.completed;
      if (failure.code === 'startup') this.#deps.fatal(failure);
      throw failure;
    }
  }

  async #attempt(): Promise<void> {
    const { reader } = this.#deps;
    this.#refuseDead();
    const { isPaused } = await this.#inTime(reader.read());
    this.#refuseDead();
    if (isPaused)
      throw new ExporterError('state', 'PostgreSQL has failed over: the replicas wait for each other.', AGAIN);
  }

  #refuseDead(): void {
    if (this.#deps.isAlive()) return;
    throw new ExporterError('state', 'This replica has had no successful heartbeat for too long.', AGAIN);
  }

  async #inTime<Result>(work: Promise<Result>): Promise<Result> {
    const { clock, limitMs } = this.#deps;
    const end = new AbortController();
    const late = clock.sleep(limitMs, end.signal).then(() => {
      throw new ExporterError('state', `The state in PostgreSQL could not be read within ${limitMs / 1000} s.`, AGAIN);
    });
    late.catch(() => undefined);
    try {
      return await Promise.race([work, late]);
    } finally {
      end.abort();
    }
  }
}

function asExporterError(error: unknown): ExporterError {
  if (error instanceof ExporterError) return error;
  return new ExporterError(
    'state',
    `Unexpected fault in a refresh: ${String(error)}`,
    'Please report it with the log.',
    error,
  );
}
