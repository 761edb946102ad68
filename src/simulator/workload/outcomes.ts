/** Draws how runs end: durations, tokens, turns and failures. */

import type { Random } from '../world/random.ts';
import { failed, succeeded, withFigures } from '../world/runs.ts';
import type { FailureCause, Outcome } from '../world/types.ts';
import { ERROR_TEXTS } from './error-texts.ts';
import type { Temper } from './profiles.ts';

/** The longest run that a service would let go on: an hour. */
const LONGEST_MS = 3_600_000;

/** Draws how a run ends. Duration and tokens grow with the turns; input grows faster, because every turn repeats the talk so far. */
export function drawOutcome(random: Random, temper: Temper): Outcome {
  const turns = random.geometric(temper.turns);
  const pace = Math.sqrt(turns / temper.turns);
  const duration = Math.min(LONGEST_MS, random.logNormal(temper.durationMs, temper.durationSigma) * pace);
  const input = Math.round(random.logNormal(temper.inputTokens, temper.tokenSigma) * turns ** 1.2);
  const output = Math.round(random.logNormal(temper.outputTokens, temper.tokenSigma) * turns);
  const well = succeeded(Math.round(duration * 1000) / 1000, input, output, turns);
  const ended = random.chance(temper.failureShare) ? drawFailure(random, temper, well) : well;
  if (!random.chance(temper.withoutUsageShare)) return ended;
  return withFigures(ended, { total_input_tokens: null, total_output_tokens: null });
}

function drawFailure(random: Random, temper: Temper, well: Outcome): Outcome {
  const cause = drawCause(random, temper.causes);
  if (cause !== 'unknown') return failed(well, cause, random.pick(ERROR_TEXTS[cause]));
  return failed(well, cause, random.chance(0.5) ? null : '');
}

/** Draws a cause by weight. */
function drawCause(random: Random, weights: Temper['causes']): FailureCause {
  const entries = Object.entries(weights) as [FailureCause, number][];
  let left = random.next() * entries.reduce((sum, [, weight]) => sum + weight, 0);
  for (const [cause, weight] of entries) {
    left -= weight;
    if (left < 0) return cause;
  }
  return 'unknown';
}
