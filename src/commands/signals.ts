/** Signals that stop a command. */
import { setTimeout as after } from 'node:timers/promises';

const STOPPING = ['SIGTERM', 'SIGINT'] as const;

/** A stop takes at most this long, milliseconds; the contract says 5 s. */
const LONGEST_STOP_MS = 4500;

/** Aborts at the first SIGTERM or SIGINT; a second one ends the process at once, with exit code 1. */
export function stopSignal(): AbortSignal {
  const controller = new AbortController();
  const onSignal = (): void => {
    if (controller.signal.aborted) process.exit(1);
    controller.abort();
  };
  for (const name of STOPPING) process.on(name, onSignal);
  return controller.signal;
}

/** Resolves when the signal aborts. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

/** Waits for a stop; false when it takes too long. Rejects as the stop does. */
export async function stoppedInTime(stop: Promise<void>): Promise<boolean> {
  const timer = new AbortController();
  const late = after(LONGEST_STOP_MS, false, { signal: timer.signal }).catch(() => false);
  const done = await Promise.race([stop.then(() => true), late]);
  timer.abort();
  return done;
}
