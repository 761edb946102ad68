/** Lets large answers in one at a time, so that an account's memory is bounded by one of them, whatever its concurrency. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { BodySink } from './body.ts';

/** A body is large beyond this many bytes: a page of 100 sessions has about 40 kB. */
const LARGE = 4 * 1024 * 1024;
/** The same of a packed body, which may grow a hundredfold. */
const LARGE_PACKED = 64 * 1024;

/** Behind a body of more bytes than this the heap is collected at once: V8 would let the next one come beside its garbage. */
const HUGE = 16 * 1024 * 1024;

type Turn = { readonly granted: Promise<void> | null; readonly release: () => void };

/** The turns of one account. */
export class LargeBodies {
  #isTaken = false;
  #waiting: (() => void)[] = [];

  /** A sink that pauses its body, once it is large, until no other large one is being read. `isPacked`: the body is compressed. */
  admit<T>(sink: BodySink<T>, isPacked: boolean): BodySink<T> {
    let size = 0;
    let turn: Turn | null = null;
    return {
      write: (chunk) => {
        size += chunk.length;
        const busy = sink.write(chunk);
        if (turn !== null || size <= LARGE) return busy;
        turn = this.#take();
        return turn.granted ?? busy;
      },
      end: () => {
        if (isPacked && size > LARGE_PACKED) turn ??= this.#take();
        const granted = turn?.granted ?? null;
        return granted === null ? sink.end() : granted.then(() => sink.end());
      },
      close: () => {
        if (size > HUGE) setImmediate(collectGarbage);
        turn?.release();
      },
    };
  }

  #take(): Turn {
    if (!this.#isTaken) {
      this.#isTaken = true;
      return { granted: null, release: once(() => this.#next()) };
    }
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.push(resolve);
    const release = once(() => {
      const place = this.#waiting.indexOf(resolve);
      if (place >= 0) this.#waiting.splice(place, 1);
      else this.#next();
    });
    return { granted: promise, release };
  }

  #next(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#isTaken = false;
    else next();
  }
}

/** Takes 50 to 100 ms, a fraction of what parsing so large a body takes. */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  setFlagsFromString('--no-expose-gc');
}

function once(action: () => void): () => void {
  let isDone = false;
  return () => {
    if (isDone) return;
    isDone = true;
    action();
  };
}
