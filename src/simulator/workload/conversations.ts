/** The shape of a conversation: bursts of runs with pauses between them, then a rest, then perhaps another burst. */
import type { Random } from '../world/random.ts';
import type { Temper } from './profiles.ts';

/** A burst has at most so many runs. */
const LONGEST_BURST = 10;

/** Pauses within a burst, in milliseconds: long enough to read an answer, short enough to be one conversation. */
const SHORTEST_PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 300_000;

/** Draws how many runs a burst has: 1 to 10. */
export function drawBurst(random: Random, temper: Temper): number {
  return Math.min(LONGEST_BURST, random.geometric(temper.runsInARow));
}

/** Draws the pause between two runs of a burst, in milliseconds. */
export function drawPause(random: Random, temper: Temper): number {
  const pause = random.logNormal(temper.pauseMs, 0.8);
  return Math.min(LONGEST_PAUSE_MS, Math.max(SHORTEST_PAUSE_MS, pause));
}

/** Draws the rest before the next burst, in milliseconds; null when the person does not come back. */
export function drawRest(random: Random, temper: Temper): number | null {
  if (!random.chance(temper.returnShare)) return null;
  return LONGEST_PAUSE_MS + random.exponential(temper.restMs);
}
