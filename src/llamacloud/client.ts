/** Authorized GET requests of one account: each waits for the limiter, is sent, checked, and retried if that helps and is wanted. */
import type { Dispatcher } from 'undici';
import { ExporterError } from '../domain/errors.ts';
import type { Logger } from '../domain/logger.ts';
import type { Endpoint, Observer } from '../domain/observer.ts';
import type { Clock } from '../domain/time.ts';
import { Limiter, type Permit } from './limiter/limiter.ts';
import { type Attempt, isRetriedStatus, withRetries } from './limiter/retry.ts';
import type { Turn } from './limiter/turns.ts';
import type { Memory } from './memory.ts';
import type { AccountSettings } from './settings.ts';
import { type Arrival, Arrivals } from './time/arrivals.ts';
import { ACCEPTED_ENCODINGS, type BodySink, encodingOf } from './transport/body.ts';
import { openConnections } from './transport/connection.ts';
import { type Detail, detailSink } from './transport/detail.ts';
import {
  attemptError,
  isAboutRequest,
  nameOf,
  requestError,
  type StatusError,
  statusError,
} from './transport/failure.ts';
import { type Headers, retryAfterMs, shouldRetry } from './transport/headers.ts';
import { readKey } from './transport/key.ts';
import { LargeBodies } from './transport/large-bodies.ts';
import { type Deadline, type Head, send } from './transport/transport.ts';

export type SourceDeps = { readonly clock: Clock; readonly logger: Logger; readonly observer: Observer };

/** One thing to ask the API for. */
export type Ask<T> = {
  readonly endpoint: Endpoint;
  /** Path and query, under the base URL. */
  readonly path: string;
  readonly turn: Turn;
  /** Where the body of a 200 goes; throws UnreadableBody when it is not worth reading. */
  readonly read: (headers: Headers, arrival: Arrival) => BodySink<T>;
  /** Null: the request timeout for everything from the connection to the last byte. */
  readonly deadline: Deadline | null;
  /** Whether what the API says about a refused request may be quoted: not where it could name a page token or a session. */
  readonly isExplained: boolean;
};

export class Client {
  #settings: AccountSettings;
  #deps: SourceDeps;
  #origin: string;
  #prefix: string;
  #agent: Dispatcher;
  #limiter: Limiter;
  #arrivals: Arrivals;
  #largeBodies = new LargeBodies();

  constructor(settings: AccountSettings, deps: SourceDeps, memory: Memory) {
    this.#settings = settings;
    this.#deps = deps;
    const base = new URL(settings.baseUrl);
    this.#origin = base.origin;
    this.#prefix = base.pathname.replace(/\/+$/, '');
    this.#agent = openConnections(base.origin, settings.connection, settings);
    this.#limiter = new Limiter(settings, memory.rate, deps.clock, (perMinute) => this.#reportRate(perMinute));
    this.#arrivals = new Arrivals(memory.serverClock, deps.clock, deps.logger, settings.name);
    this.#reportRate(this.#limiter.perMinute);
  }

  /** Rejects with an ExporterError after the retries, or with the signal's reason. */
  async get<T>(ask: Ask<T>, signal: AbortSignal): Promise<T> {
    const { clock, logger, observer } = this.#deps;
    const account = this.#settings.name;
    return withRetries(() => this.#attemptWithFreshKey(ask, signal), signal, {
      clock,
      chance: Math.random,
      onRetry(error, delayMs) {
        observer.requestRetried(account, error.code);
        logger.debug('A request is repeated', { account, error: error.message, wait_seconds: delayMs / 1000 });
      },
    });
  }

  /** One attempt. Rejects with its ExporterError, or with the signal's reason. */
  async getOnce<T>(ask: Ask<T>, signal: AbortSignal): Promise<T> {
    const attempt = await this.#attemptWithFreshKey(ask, signal);
    if ('failure' in attempt) throw attempt.failure.error;
    return attempt.value;
  }

  /** Milliseconds for which requests of a project, histories aside, have waited for their turn or were refused; 0: not at all. */
  waited(project: string): number {
    return this.#limiter.waited(project);
  }

  /** See `Limiter.share`. */
  shareLimit(processes: number): void {
    this.#limiter.share(processes);
  }

  /** Ends what is in flight and refuses what waits. */
  async close(): Promise<void> {
    const reason = new ExporterError(
      'connection',
      `The source of account "${this.#settings.name}" is closed.`,
      'Nothing needs to be done.',
    );
    this.#limiter.close(reason);
    await this.#agent.destroy(reason);
  }

  /** A 401 may mean that the key was replaced: it is read again, and where it differs, tried once. */
  async #attemptWithFreshKey<T>(ask: Ask<T>, signal: AbortSignal): Promise<Attempt<T>> {
    const { apiKey, name } = this.#settings;
    const key = await readKey(name, () => apiKey.current());
    const first = await this.#attempt(ask, key, signal);
    if (!('failure' in first) || first.failure.error.code !== 'unauthorized') return first;
    const fresh = await readKey(name, () => apiKey.refresh());
    if (fresh === key) return first;
    this.#deps.logger.info('The API key was replaced and is read again', { account: name });
    return this.#attempt(ask, fresh, signal);
  }

  async #attempt<T>(ask: Ask<T>, key: string, signal: AbortSignal): Promise<Attempt<T>> {
    const permit = await this.#limiter.acquire(ask.turn, signal);
    const path = this.#prefix + ask.path;
    const name = nameOf(this.#origin, path);
    const { clock, observer } = this.#deps;
    const startedAt = clock.elapsed();
    let code: number | 'error' = 'error';
    try {
      const { head, value } = await send<T | Detail | null>(this.#agent, {
        origin: this.#origin,
        path,
        headers: {
          authorization: `Bearer ${key}`,
          accept: 'application/json',
          'accept-encoding': ACCEPTED_ENCODINGS,
          'user-agent': 'llamacloud-exporter',
        },
        deadline: ask.deadline ?? { idle: this.#settings.requestTimeoutMs, total: this.#settings.requestTimeoutMs },
        signal,
        sink: (arrived) => {
          code = arrived.status;
          const arrival = this.#arrivals.note(arrived.headers, name, startedAt);
          if (isSuccess(arrived)) return this.#inTurn(ask.read(arrived.headers, arrival), arrived);
          return ask.isExplained && isAboutRequest(arrived.status) ? detailSink(arrived.headers) : null;
        },
      });
      if (isSuccess(head)) {
        this.#limiter.answered(permit);
        return { value: value as T };
      }
      const error =
        ask.isExplained && isAboutRequest(head.status)
          ? requestError(name, head, value as Detail | null)
          : statusError(name, head);
      return this.#refusedBy(head, error, permit);
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      return failed(attemptError(name, error, this.#settings));
    } finally {
      observer.requestEnded(this.#settings.name, ask.endpoint, code, (clock.elapsed() - startedAt) / 1000);
      this.#limiter.release(permit);
    }
  }

  /** Bodies that are held in memory come one at a time once they are large; those that stream through need no turn. */
  #inTurn<T>(sink: BodySink<T>, { headers }: Head): BodySink<T> {
    return sink.isCollected === true ? this.#largeBodies.admit(sink, encodingOf(headers) !== null) : sink;
  }

  #refusedBy<T>(head: Head, error: StatusError, permit: Permit): Attempt<T> {
    const hintMs = retryAfterMs(head.headers, this.#arrivals.ownTime(head.headers));
    if (head.status === 429) this.#slowDown(permit, hintMs);
    else if (head.status < 500) this.#limiter.answered(permit);
    const isRetried = shouldRetry(head.headers) ?? isRetriedStatus(head.status);
    if (!isRetried) return { failure: { error, kind: 'final', hintMs } };
    return { failure: { error, kind: head.status === 429 ? 'refusal' : 'failure', hintMs } };
  }

  #slowDown(permit: Permit, hintMs: number | null): void {
    const isHalved = this.#limiter.refused(permit, hintMs);
    const { askedWait } = this.#limiter;
    if (askedWait > 0) this.#deps.observer.waitAsked(this.#settings.name, askedWait / 1000);
    if (!isHalved) return;
    this.#deps.logger.warn('The API answered 429 Too Many Requests; fewer requests are sent for a while', {
      account: this.#settings.name,
      requests_per_minute: this.#limiter.perMinute,
      wait_seconds: hintMs === null ? null : hintMs / 1000,
    });
  }

  #reportRate(perMinute: number): void {
    this.#deps.observer.rateLimitChanged(this.#settings.name, perMinute / 60);
  }
}

function isSuccess(head: Head): boolean {
  return head.status >= 200 && head.status < 300;
}

/** What brought no answer may go better the next time; an answer that cannot be used is worth no second one. */
function failed<T>(error: ExporterError): Attempt<T> {
  const isRetried = error.code === 'connection' || error.code === 'timeout';
  return { failure: { error, kind: isRetried ? 'failure' : 'final', hintMs: null } };
}
