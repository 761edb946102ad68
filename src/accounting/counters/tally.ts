/** The counters: adds one counted or completed run to them (docs/accounting.md, L1). Pure. */
import type { Project } from '../../domain/project.ts';
import type { CountedRun } from '../../domain/row.ts';
import type { Rules } from '../../domain/rules.ts';
import { type Figures, failed, NO_FIGURES, withoutUsage } from '../../domain/session.ts';
import type { Micros } from '../../domain/time.ts';
import type { Counters, Exemplar, Histogram } from '../../domain/totals.ts';
import { asCounted, filledFrom } from '../histories/credits.ts';
import { classify } from './classify.ts';
import { isNewer, observe } from './histogram.ts';
import { costNanoUsd, priceOf } from './prices.ts';

/** A run about to be counted, with where it was seen. */
export type Counted = {
  readonly figures: Figures;
  readonly errorText: string | null;
  readonly sessionId: string;
  readonly updatedAt: Micros;
};

export type TallyRules = { readonly rules: Rules; readonly project: Pick<Project, 'id' | 'name'> };

/** The counters with one run more. */
export function countRun(counters: Counters, run: Counted, at: TallyRules): Counters {
  const added = addFigures(counters, NO_FIGURES, run, at);
  return {
    ...added,
    runs: added.runs + 1,
    withoutUsage: added.withoutUsage + (withoutUsage(run.figures) ? 1 : 0),
  };
}

/** The counters with one run more that only a history showed. */
export function countHiddenRun(counters: Counters, run: Counted, at: TallyRules): Counters {
  const counted = countRun(counters, run, at);
  return { ...counted, hiddenRuns: counted.hiddenRuns + 1 };
}

/** The counters after a counted run was shown more fully: what was null and may be added is added, and no run. */
export function fillRun(counters: Counters, counted: CountedRun, shown: Counted, at: TallyRules): Counters {
  const after = filledFrom(counted, shown.figures).figures;
  return addFigures(counters, asCounted(counted, shown.figures), { ...shown, figures: after }, at);
}

/** The counters with a touch more. */
export function countTouch(counters: Counters): Counters {
  return { ...counters, touches: counters.touches + 1 };
}

function addFigures(c: Counters, before: Figures, run: Counted, at: TallyRules): Counters {
  const after = run.figures;
  const input = gained(before.inputTokens, after.inputTokens);
  const output = gained(before.outputTokens, after.outputTokens);
  const turns = gained(before.turns, after.turns);
  const duration = gained(before.durationUs, after.durationUs);
  const tokens = withoutUsage(before) && !withoutUsage(after) && !failed(after);
  return {
    ...c,
    ...(failed(after) && !failed(before) ? addError(c, run, at) : null),
    inputTokens: c.inputTokens + (input ?? 0),
    outputTokens: c.outputTokens + (output ?? 0),
    turns: c.turns + (turns ?? 0),
    costNanoUsd: addCost(c.costNanoUsd, input, output, at),
    duration: add(c.duration, duration, run),
    inputTokensPerRun: add(c.inputTokensPerRun, tokens ? after.inputTokens : null, run),
    outputTokensPerRun: add(c.outputTokensPerRun, tokens ? after.outputTokens : null, run),
    turnsPerRun: turns === null ? c.turnsPerRun : observe(c.turnsPerRun, turns, null),
  };
}

/** What a figure adds: its value where null stood before, else nothing. */
function gained(before: number | null, after: number | null): number | null {
  return before === null ? after : null;
}

function addError(c: Counters, run: Counted, { rules }: TallyRules): Pick<Counters, 'errors' | 'errorExemplars'> {
  const name = classify(run.errorText, rules);
  const before = Object.hasOwn(c.errorExemplars, name) ? c.errorExemplars[name] : null;
  const exemplar: Exemplar = { sessionId: run.sessionId, value: 1, at: run.updatedAt };
  return {
    errors: { ...c.errors, [name]: (Object.hasOwn(c.errors, name) ? (c.errors[name] ?? 0) : 0) + 1 },
    errorExemplars: isNewer(exemplar, before) ? { ...c.errorExemplars, [name]: exemplar } : c.errorExemplars,
  };
}

function addCost(sum: number | null, input: number | null, output: number | null, at: TallyRules): number | null {
  const price = priceOf(at.project, at.rules);
  return price === null ? sum : (sum ?? 0) + costNanoUsd(price, input, output);
}

function add(h: Histogram, value: number | null, run: Counted): Histogram {
  if (value === null) return h;
  const exemplar: Exemplar = { sessionId: run.sessionId, value, at: run.updatedAt };
  return observe(h, value, exemplar);
}
