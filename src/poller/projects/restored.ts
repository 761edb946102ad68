/** Converts what an earlier process stored: its instants to this clock, its interrupted sweep. */
import type { StoredProject } from '../../domain/store.ts';
import type { Clock, Micros } from '../../domain/time.ts';

/** `Clock.elapsed` at a stored instant, milliseconds: below 0 as a rule. An instant that lies in the future counts as now. */
export function elapsedAt(at: Micros, clock: Clock): number {
  return clock.elapsed() - Math.max(0, clock.now() - at) / 1000;
}

/** The project without the sweep that was running: the next one reads the list from the top. */
export function withoutSweep(stored: StoredProject): StoredProject {
  return { ...stored, cursors: { ...stored.cursors, sweep: null } };
}
