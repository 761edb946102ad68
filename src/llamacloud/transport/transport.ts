/**
 * One request over the wire, no more: one deadline, no redirect followed, and a body that goes to a sink as it comes.
 * undici's `dispatch` is used directly because it costs a page a fifth less than `request`, and can be paused and aborted.
 */
import type { Dispatcher } from 'undici';
import { type BodySink, UnreadableBody } from './body.ts';
import type { Headers } from './headers.ts';

/** The deadline of an attempt passed. */
export class DeadlineError extends Error {}

/** The head of an answer. */
export type Head = { readonly status: number; readonly headers: Headers };

/** How long an attempt may take, milliseconds. `idle`: to the next sign of life; `total`: to the last byte (unreadable beyond). */
export type Deadline = { readonly idle: number; readonly total: number };

export type Call<T> = {
  readonly origin: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly deadline: Deadline;
  readonly signal: AbortSignal;
  /** Chooses the sink for the body; null: the answer is not wanted, its body is thrown away. */
  readonly sink: (head: Head) => BodySink<T> | null;
};

/** `value` is null where there was no sink. */
export type Answer<T> = { readonly head: Head; readonly value: T | null };

/** Bytes of an unwanted body that are read, so that the connection can be used again; beyond them it is closed. */
const DISCARD_LIMIT = 256 * 1024;

/** Rejects with the signal's reason, DeadlineError, what the sink threw, or undici's error. */
export function send<T>(dispatcher: Dispatcher, call: Call<T>): Promise<Answer<T>> {
  return new Promise((resolve, reject) => {
    const exchange = new Exchange(call, resolve, reject);
    if (exchange.isOver) return;
    const { origin, path, headers } = call;
    // The timeouts of undici are off: the deadline covers the wait for a connection, the headers and the body in one.
    dispatcher.dispatch({ origin, path, method: 'GET', headers, headersTimeout: 0, bodyTimeout: 0 }, exchange);
  });
}

/** A body that keeps coming but does not end will not end the next time either. */
function endless(total: number): UnreadableBody {
  return new UnreadableBody(`its body has not ended after ${total / 1000} s`);
}

class Exchange<T> implements Dispatcher.DispatchHandler {
  isOver = false;
  #call: Call<T>;
  #resolve: (answer: Answer<T>) => void;
  #reject: (reason: unknown) => void;
  #controller: Dispatcher.DispatchController | null = null;
  #reason: Error | null = null;
  #head: Head | null = null;
  #sink: BodySink<T> | null = null;
  #isWanted = true;
  #discarded = 0;
  #idle: NodeJS.Timeout;
  /** When the wait for a sign of life ends, on the monotonic clock. */
  #idleEnds: number;
  #total: NodeJS.Timeout | null = null;
  #onAbort = (): void => this.#fail(this.#call.signal.reason);

  constructor(call: Call<T>, resolve: (answer: Answer<T>) => void, reject: (reason: unknown) => void) {
    this.#call = call;
    this.#resolve = resolve;
    this.#reject = reject;
    const { idle, total } = call.deadline;
    this.#idle = setTimeout(this.#expire, idle);
    this.#idleEnds = performance.now() + idle;
    if (total > idle) this.#total = setTimeout(() => this.#fail(endless(total)), total);
    if (call.signal.aborted) this.#onAbort();
    else call.signal.addEventListener('abort', this.#onAbort, { once: true });
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#reason !== null) controller.abort(this.#reason);
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: Headers): void {
    // 100 to 199 announce an answer, they are none.
    if (status < 200 || this.isOver) return;
    this.#head = { status, headers };
    this.#guard(() => {
      this.#sink = this.#call.sink(this.#head as Head);
      this.#isWanted = this.#sink !== null && this.#sink.isExtra !== true;
    });
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    // undici passes an empty chunk on after each resume: taken for a sign of life, a body that stalls would keep itself going.
    if (this.isOver || chunk.length === 0) return;
    if (this.#total !== null) this.#showLife();
    if (!this.#isWanted) this.#countUnwanted(chunk);
    const sink = this.#sink;
    if (this.isOver || sink === null) return;
    this.#guard(() => {
      const busy = sink.write(chunk);
      if (busy === undefined) return;
      controller.pause();
      const left = this.#holdDeadline();
      busy.then(
        () => this.#resume(controller, left),
        (error: unknown) => this.#fail(error),
      );
    });
  }

  onResponseEnd(): void {
    if (this.isOver) return;
    this.#stopTimers();
    if (this.#sink === null) return this.#finish(null);
    const sink = this.#sink;
    this.#guard(() => {
      const value = sink.end();
      if (value instanceof Promise) {
        value.then(
          (late) => this.#finish(late),
          (error: unknown) => this.#fail(error),
        );
      } else this.#finish(value);
    });
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    this.#fail(error);
  }

  #guard(step: () => void): void {
    try {
      step();
    } catch (error) {
      this.#fail(error);
    }
  }

  #countUnwanted(chunk: Buffer): void {
    this.#discarded += chunk.length;
    if (this.#discarded > DISCARD_LIMIT) this.#fail(new Error('the unwanted body is too long'));
  }

  #finish(value: T | null): void {
    if (!this.#close()) return;
    this.#resolve({ head: this.#head as Head, value });
  }

  /** An answer whose body is not wanted has been given with its head, whatever becomes of the rest. */
  #fail(reason: unknown): void {
    if (!this.#close()) return;
    this.#reason = reason instanceof Error ? reason : new Error('aborted', { cause: reason });
    this.#controller?.abort(this.#reason);
    const answered = !this.#isWanted && !this.#call.signal.aborted;
    if (answered) this.#resolve({ head: this.#head as Head, value: null });
    else this.#reject(reason);
  }

  #close(): boolean {
    if (this.isOver) return false;
    this.isOver = true;
    this.#stopTimers();
    this.#call.signal.removeEventListener('abort', this.#onAbort);
    this.#sink?.close?.();
    return true;
  }

  #expire = (): void => this.#fail(new DeadlineError(`no answer within ${this.#call.deadline.idle / 1000} s`));

  #showLife(): void {
    this.#idle.refresh();
    this.#idleEnds = performance.now() + this.#call.deadline.idle;
  }

  /** Time in which we ourselves pause the body does not count. Answers the milliseconds that are left. */
  #holdDeadline(): number {
    clearTimeout(this.#idle);
    return Math.max(1, this.#idleEnds - performance.now());
  }

  #resume(controller: Dispatcher.DispatchController, left: number): void {
    if (this.isOver) return;
    this.#idle = setTimeout(this.#expire, left);
    this.#idleEnds = performance.now() + left;
    controller.resume();
  }

  #stopTimers(): void {
    clearTimeout(this.#idle);
    if (this.#total !== null) clearTimeout(this.#total);
  }
}
