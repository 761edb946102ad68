/** The system's clock, behind the port of domain/time.ts. */
import type { Clock, Micros } from './domain/time.ts';

/** Longest wait that a Node timer takes in one go, milliseconds; longer ones are cut into pieces. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** One timer; rejects with the signal's reason. */
function wait(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason as Error);
    const onAbort = (): void => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', onAbort);
      resolve();
    }, ms);
    signal.addEventListener('abort', onAbort, { once: true });
  });
}

/**
 * The clock of the process. `now` follows the system's wall clock, adjustments included, at a resolution of a millisecond;
 * `elapsed` is monotonic.
 */
export const systemClock: Clock = {
  now: (): Micros => Date.now() * 1000,
  elapsed: (): number => performance.now(),
  async sleep(ms: number, signal: AbortSignal): Promise<void> {
    let left = Math.max(0, ms);
    do {
      await wait(Math.min(left, LONGEST_TIMER_MS), signal);
      left -= LONGEST_TIMER_MS;
    } while (left > 0);
  },
};
