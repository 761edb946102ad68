/** Signals: the first SIGTERM or SIGINT stops a command, a second one ends it at once, SIGHUP reloads. */
import { setTimeout as after } from 'node:timers/promises';

const STOPPING = ['SIGTERM', 'SIGINT'] as const;
const HELD = [...STOPPING, 'SIGHUP'] as const;
type Held = (typeof HELD)[number];

/** A stop takes at most this long, milliseconds; the contract says 5 s. */
const LONGEST_STOP_MS = 4500;

const arrived = new Set<Held>();
const hold = (name: NodeJS.Signals): void => void arrived.add(name as Held);

/** Keeps signals that come while the program is being loaded: it takes a second, and none may end the process meanwhile. */
export function holdSignals(): void {
  for (const name of HELD) process.on(name, hold);
}

/** Ends the holding: what came meanwhile goes to its listeners, or does what such a signal always does. */
export function releaseSignals(): void {
  for (const name of HELD) process.removeListener(name, hold);
  for (const name of arrived) {
    if (process.listenerCount(name) > 0) process.emit(name, name);
    else process.kill(process.pid, name);
  }
  arrived.clear();
}

/**
 * Aborts at the first SIGTERM or SIGINT; a second one ends the process at once, with exit code 1. Called by a command before anything
 * slow; a signal that was held aborts it at once. `onHangup`: what SIGHUP does; else it ends the process, as it always does.
 */
export function stopSignal(onHangup?: () => void): AbortSignal {
  const controller = new AbortController();
  const onSignal = (): void => {
    if (controller.signal.aborted) process.exit(1);
    controller.abort();
  };
  for (const name of STOPPING) process.on(name, onSignal);
  if (onHangup !== undefined) process.on('SIGHUP', onHangup);
  releaseSignals();
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
