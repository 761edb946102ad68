/** Splits work on many projects into steps and lets the event loop run between them. */
import type { Clock } from '../../domain/time.ts';

/** Projects of one step: some milliseconds of work each. */
export const PROJECTS_PER_STEP = 100;

/** To be awaited before project number `n` (from 0): lets the event loop turn after each step. Rejects with the signal's reason. */
export async function turnBefore(n: number, clock: Clock, signal: AbortSignal): Promise<void> {
  if (n > 0 && n % PROJECTS_PER_STEP === 0) await clock.sleep(0, signal);
}
