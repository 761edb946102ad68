/** Opens the state that the configuration names: a file of this process alone, or a database that several processes share. */
import { hostname } from 'node:os';
import { beginTotals } from '../accounting/begin.ts';
import type { Config } from '../config/types.ts';
import { ExporterError } from '../domain/errors.ts';
import type { Logger } from '../domain/logger.ts';
import { type Observer, SILENT, tellAll } from '../domain/observer.ts';
import type { MemberFacts, Refresher, Replicas, SharedFacts } from '../domain/replicas.ts';
import type { Publisher } from '../domain/serving.ts';
import type { Store } from '../domain/store.ts';
import type { Clock } from '../domain/time.ts';
import type { Metrics, SharedState } from '../metrics/metrics.ts';
import { openPostgres } from '../state/postgres/open.ts';
import { openStore } from '../state/sqlite/open.ts';
import { makeStateFolder } from './state-folder.ts';

export type OpenState = {
  readonly store: Store;
  /** Where workers hand what they have committed. */
  readonly publisher: Publisher;
  /** What workers and discovery report. */
  readonly observer: Observer;
  /** Null: this process has the state for itself. */
  readonly replicas: Replicas | null;
  /** Resolves once all that was put is committed. */
  flush(): Promise<void>;
  close(): Promise<void>;
};

/** What opening a state needs; `publisher` is where the project part is served from. */
export type StateDeps = {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly version: string;
  readonly metrics: Metrics;
  readonly publisher: Publisher;
  readonly observer: Observer;
  readonly link: StateLink | null;
  /** The configuration in force: a reload may change it. */
  readonly config: () => Config;
  readonly fatal: (error: ExporterError) => void;
  readonly signal: AbortSignal;
};

export function isShared({ state }: Config): boolean {
  return !state.url.startsWith(SQLITE);
}

const SQLITE = 'sqlite:';

/** What the exposition asks of a shared state, also while that is not open yet. */
export class StateLink implements SharedState {
  #refresher: Refresher | null = null;
  #replicas: Replicas | null = null;

  join(refresher: Refresher, replicas: Replicas): void {
    this.#refresher = refresher;
    this.#replicas = replicas;
  }

  readonly fresh = async (): Promise<void> => {
    if (this.#refresher === null)
      throw new ExporterError('state', 'The database is not connected yet', 'Try again in a moment.');
    await this.#refresher.refresh();
  };

  readonly facts = (): MemberFacts | null => this.#replicas?.facts() ?? null;

  /** True while the project part can be served. */
  isCurrent(): boolean {
    return this.#refresher !== null && this.#refresher.failure === null && (this.#replicas?.isAlive() ?? false);
  }
}

/** Rejects with an ExporterError of code `startup` or `config` that names the state and the fix, or with the signal's reason. */
export async function openState(deps: StateDeps): Promise<OpenState> {
  return deps.link === null ? await openOwn(deps) : await openShared(deps, deps.link);
}

async function openOwn({ config, clock, logger, observer, publisher, signal }: StateDeps): Promise<OpenState> {
  const path = config().state.url.slice(SQLITE.length);
  await makeStateFolder(path);
  const store = await openStore(path, { clock, logger, observer, signal });
  return { store, publisher, observer, replicas: null, flush: async () => {}, close: () => store.close() };
}

async function openShared(deps: StateDeps, link: StateLink): Promise<OpenState> {
  const { clock, logger, version, metrics, config, fatal } = deps;
  const { url, memberName, password } = config().state;
  const { store, replicas, refresher, publisher, flush, close } = await openPostgres(url, {
    clock,
    logger,
    version,
    observer: deps.observer,
    replicaObserver: metrics.replicas,
    name: memberName ?? hostname(),
    rules: () => config().state.rules,
    password,
    zeroTotals: (project) => beginTotals(project, config().rules),
    sink: { publisher: deps.publisher, setShared: (facts) => metrics.setShared(ofConfigured(facts, config())) },
    fatal,
  });
  link.join(refresher, replicas);
  const discoveryFailed = (account: string): void => void store.discoveryFailed(account).catch(() => {}); // told again by the next one
  return {
    store,
    publisher,
    observer: tellAll([deps.observer, { ...SILENT, discoveryFailed }]),
    replicas: flushing(replicas, flush),
    flush,
    close,
  };
}

/** The state keeps accounts that were removed or renamed since: nobody discovers for them any more. */
export function ofConfigured(facts: SharedFacts, { accounts }: Pick<Config, 'accounts'>): SharedFacts {
  const names = new Set(accounts.map(({ name }) => name));
  return { ...facts, accounts: facts.accounts.filter(({ name }) => names.has(name)) };
}

/** What the next owner shows of a project is written before the project is given back. */
function flushing(replicas: Replicas, flush: () => Promise<void>): Replicas {
  return {
    isAlive: () => replicas.isAlive(),
    run: (signal, onTurn) => replicas.run(signal, onTurn),
    hurry: () => replicas.hurry(),
    leave: () => replicas.leave(),
    yieldDiscovery: () => replicas.yieldDiscovery(),
    claim: (wanted) => replicas.claim(wanted),
    facts: () => replicas.facts(),
    release: async (owned) => {
      await flush();
      await replicas.release(owned);
    },
  };
}
