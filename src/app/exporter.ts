/** The exporter as a whole: starts, reloads and stops its parts in the right order. */
import type { Config } from '../config/types.ts';
import { ExporterError } from '../domain/errors.ts';
import type { Carried } from '../poller/context.ts';
import type { App, AppDeps } from './deps.ts';
import { assemble, type Parts } from './parts.ts';
import { type Lasting, type Polling, preparePolling } from './polling.ts';
import { sessionListRules, sessionRows, statusRules } from './sessions.ts';
import type { Memories } from './sources.ts';
import { type OpenState, openState } from './state.ts';

/** Between two attempts to go on polling after a reload that the state refused. */
const RESUME_MS = 1000;

/** Puts the parts together; nothing is opened or started yet, but the web configuration is read. */
export async function createApp(config: Config, deps: AppDeps): Promise<App> {
  return new Exporter(config, deps);
}

class Exporter implements App {
  readonly failed: Promise<ExporterError>;
  readonly #deps: AppDeps;
  readonly #stopping = new AbortController();
  readonly #parts: Parts;
  #fatal: (error: ExporterError) => void = () => {};
  #config: Config;
  /** What sources have learned outlives a reload. */
  readonly #memories: Memories = new Map();
  #addresses: readonly string[] = [];
  #state: OpenState | null = null;
  #polling: Polling | null = null;
  /** One change of the running parts at a time. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(config: Config, deps: AppDeps) {
    this.#config = config;
    this.#deps = deps;
    this.failed = new Promise((resolve) => {
      this.#fatal = resolve;
    });
    this.#parts = assemble(config, deps, () => this.reload());
  }

  start(): Promise<void> {
    return this.#inTurn(() => this.#start());
  }

  addresses(): readonly string[] {
    return this.#addresses;
  }

  reload(): Promise<void> {
    return this.#inTurn(() => this.#reload());
  }

  async stop(): Promise<void> {
    this.#stopping.abort(new Error('stopped'));
    await this.#inTurn(() => this.#stop()).catch((error: unknown) => {
      this.#deps.logger.error('Stopping failed; what was committed is safe', { error });
    });
  }

  async #start(): Promise<void> {
    const { logger, clock } = this.#deps;
    for (const warning of this.#config.warnings) logger.warn(warning);
    this.#setIntervals();
    this.#setStatusRules();
    this.#parts.metrics.start();
    const listeners = await this.#parts.web.start();
    this.#addresses = listeners.map(({ url }) => url);
    const signal = this.#stopping.signal;
    const { metrics, publisher, observer, link } = this.#parts;
    const { version } = this.#deps;
    const config = (): Config => this.#config;
    const fatal = (error: ExporterError): void => this.#fatal(error);
    const state = await openState({
      clock,
      logger,
      version,
      metrics,
      publisher,
      observer,
      link,
      config,
      fatal,
      signal,
    });
    this.#state = state;
    const { store } = state;
    const { createdAt } = await store.restore();
    this.#parts.state.location = store.location;
    this.#parts.state.createdAt = createdAt;
    this.#parts.metrics.setStateCreated(createdAt);
    this.#parts.status.sessions.setRows(sessionRows(store));
    this.#polling = await preparePolling(this.#config, this.#lasting(state), new Map());
    this.#polling.poller.start();
    logger.info('Listening', {
      addresses: listeners.map(({ bound }) => bound).join(' '),
      ...(this.#config.web.externalUrl === null ? {} : { external_url: this.#config.web.externalUrl }),
      version: this.#deps.version,
      revision: this.#deps.revision,
    });
  }

  async #reload(): Promise<void> {
    const { clock, reloadConfig, logger } = this.#deps;
    const [state, polling] = [this.#state, this.#polling];
    if (state === null || polling === null)
      throw new ExporterError('config', 'the exporter is still starting', 'Try again in a moment.');
    const next = await reloadConfig(this.#config).catch((cause: unknown) => {
      const error = cause instanceof ExporterError ? cause : unexpected(cause);
      this.#parts.observer.reloadEnded(error, clock.now());
      throw error;
    });
    for (const warning of next.warnings) logger.warn(warning);
    const before = this.#config;
    const stats = await polling.end();
    try {
      await this.#pollUnder(next, state, stats);
    } catch (cause) {
      this.#config = before;
      this.#forgetAccounts(next, before);
      // Another reload may come first, and begin to poll: two pollers would count over each other.
      void this.#inTurn(async () => {
        if (this.#polling === polling) await this.#resume(before, state, stats);
      });
      const error = cause instanceof ExporterError ? cause : unexpected(cause);
      this.#parts.observer.reloadEnded(error, clock.now());
      throw error;
    }
    this.#forgetAccounts(before, next);
    this.#parts.observer.reloadEnded(null, clock.now());
  }

  /** Polls under a configuration from now on. Rejects when the state cannot follow it. */
  async #pollUnder(config: Config, state: OpenState, stats: ReadonlyMap<string, Carried>): Promise<void> {
    this.#config = config;
    this.#parts.metrics.setRules(config.rules);
    this.#parts.status.setAccounting(config.rules.accounting);
    this.#setStatusRules();
    this.#setIntervals();
    this.#polling = await preparePolling(config, this.#lasting(state), stats);
    this.#polling.poller.start();
  }

  /** After a reload that the state refused: polls as before, as soon as the state allows it. */
  async #resume(config: Config, state: OpenState, stats: ReadonlyMap<string, Carried>): Promise<void> {
    const { clock } = this.#deps;
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      try {
        return await this.#pollUnder(config, state, stats);
      } catch (cause) {
        const error = cause instanceof ExporterError ? cause : unexpected(cause);
        if (error.code !== 'state') return this.#fatal(error);
        await clock.sleep(RESUME_MS, signal);
      }
    }
  }

  #forgetAccounts(before: Config, after: Config): void {
    for (const account of before.accounts) {
      if (!after.accounts.some((a) => a.name === account.name)) this.#parts.observer.accountGone(account.name);
    }
  }

  async #stop(): Promise<void> {
    await this.#polling?.end();
    await this.#parts.web.stop();
    this.#parts.webConfig.stop();
    await this.#parts.metrics.stop();
    await this.#state?.close();
  }

  #lasting({ store, publisher, observer, replicas }: OpenState): Lasting {
    const { logger, clock } = this.#deps;
    const fatal = (error: ExporterError): void => this.#fatal(error);
    return {
      store,
      publisher,
      observer,
      replicas,
      logger,
      clock,
      failureLog: this.#parts.failureLog,
      memories: this.#memories,
      fatal,
    };
  }

  #setStatusRules(): void {
    const { sessions, setRules } = this.#parts.status;
    sessions.setRules(sessionListRules(this.#config));
    setRules(statusRules(this.#config));
  }

  #setIntervals(): void {
    const { intervalMs, fullSweepIntervalMs } = this.#config.polling;
    this.#parts.metrics.setIntervals({ headSeconds: intervalMs / 1000, fullSeconds: fullSweepIntervalMs / 1000 });
  }

  /** A start that waits for the lock is ended by the signal, so that a stop does not wait for it. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(work);
    this.#turn = turn.catch(() => {});
    return turn;
  }
}

function unexpected(cause: unknown): ExporterError {
  return new ExporterError('config', String(cause), 'Please report it.', cause);
}
