/** Draws a conversation: bursts of runs with pauses between them, how each run ends, a rest, then perhaps another burst. */
import type { Random } from '../world/random.ts';
import { failed, succeeded, withFigures } from '../world/runs.ts';
import type { FailureCause, Outcome } from '../world/types.ts';
import type { WorkloadProfile } from './profiles.ts';
import { ERROR_TEXTS } from './texts.ts';

/** The most runs that a burst has. */
const LONGEST_BURST = 10;

/** Pauses within a burst, in milliseconds: long enough to read an answer, short enough to be one conversation. */
const SHORTEST_PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 300_000;

/** Draws how many runs a burst has: 1 to 10. */
export function drawBurst(random: Random, profile: WorkloadProfile): number {
  return Math.min(LONGEST_BURST, random.geometric(profile.runsInARow));
}

/** Draws the pause between two runs of a burst, in milliseconds. */
export function drawPause(random: Random, profile: WorkloadProfile): number {
  const pause = random.logNormal(profile.pauseMs, 0.8);
  return Math.min(LONGEST_PAUSE_MS, Math.max(SHORTEST_PAUSE_MS, pause));
}

/** Draws the rest before the next burst, in milliseconds; null when the person does not come back. */
export function drawRest(random: Random, profile: WorkloadProfile): number | null {
  if (!random.chance(profile.returnShare)) return null;
  return LONGEST_PAUSE_MS + random.exponential(profile.restMs);
}

/** The longest run that a service allows: an hour, in milliseconds. */
const LONGEST_MS = 3_600_000;

/** Draws how a run ends. Duration and tokens grow with the turns; input grows faster, because every turn repeats the talk so far. */
export function drawOutcome(random: Random, profile: WorkloadProfile): Outcome {
  const turns = random.geometric(profile.turns);
  const scale = Math.sqrt(turns / profile.turns);
  const duration = Math.min(LONGEST_MS, random.logNormal(profile.durationMs, profile.durationSigma) * scale);
  const input = Math.round(random.logNormal(profile.inputTokens, profile.tokenSigma) * turns ** 1.2);
  const output = Math.round(random.logNormal(profile.outputTokens, profile.tokenSigma) * turns);
  const success = succeeded(Math.round(duration * 1000) / 1000, input, output, turns);
  const ended = random.chance(profile.failureShare) ? drawFailure(random, profile, success) : success;
  if (!random.chance(profile.withoutUsageShare)) return ended;
  return withFigures(ended, { total_input_tokens: null, total_output_tokens: null });
}

function drawFailure(random: Random, profile: WorkloadProfile, success: Outcome): Outcome {
  const cause = drawCause(random, profile.causes);
  if (cause !== 'unknown') return failed(success, cause, random.pick(ERROR_TEXTS[cause]));
  return failed(success, cause, random.chance(0.5) ? null : '');
}

/** Draws a cause by weight. */
function drawCause(random: Random, weights: WorkloadProfile['causes']): FailureCause {
  const entries = Object.entries(weights) as [FailureCause, number][];
  let left = random.next() * entries.reduce((sum, [, weight]) => sum + weight, 0);
  for (const [cause, weight] of entries) {
    left -= weight;
    if (left < 0) return cause;
  }
  return 'unknown';
}
