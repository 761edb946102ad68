/** Durable counters and histograms of a project: present from its discovery, at 0. */
import type { Counters } from '../../domain/totals.ts';
import type { ProjectView } from '../../domain/view.ts';
import { RUNS } from '../catalog.ts';
import { histogram } from './histogram.ts';
import { type Family, labelled, scalar, withHistories } from './sample.ts';

const counters = (view: ProjectView): Counters => view.totals.counters;

/** A configured class may be called like something that every object has. */
function ownValue<T>(record: Readonly<Record<string, T>>, name: string): T | null {
  return Object.hasOwn(record, name) ? (record[name] ?? null) : null;
}

/** Every class of the rules, in their order, then the classes that were removed from them but have counted. */
const runErrors: Family = {
  metric: RUNS.runErrors,
  samples: (view, { classes, exemplars }) => {
    const { errors, errorExemplars } = counters(view);
    const removed = Object.keys(errors).filter((name) => !classes.includes(name));
    return [...classes, ...removed].map((name) => {
      const exemplar = exemplars ? ownValue(errorExemplars, name) : null;
      return { ...labelled(ownValue(errors, name) ?? 0, name), exemplar: exemplar && { ...exemplar, scale: 0 } };
    });
  },
};

export const RUN_FAMILIES: readonly Family[] = [
  scalar(RUNS.runs, (view) => counters(view).runs),
  withHistories(scalar(RUNS.hiddenRuns, (view) => counters(view).hiddenRuns)),
  runErrors,
  scalar(RUNS.runsWithoutUsage, (view) => counters(view).withoutUsage),
  scalar(RUNS.inputTokens, (view) => counters(view).inputTokens),
  scalar(RUNS.outputTokens, (view) => counters(view).outputTokens),
  scalar(RUNS.turns, (view) => counters(view).turns),
  scalar(RUNS.cost, (view) => counters(view).costNanoUsd, 9),
  scalar(RUNS.touches, (view) => counters(view).touches),
  histogram(RUNS.duration, (view) => counters(view).duration, 6, true),
  histogram(RUNS.inputTokensPerRun, (view) => counters(view).inputTokensPerRun, 0, true),
  histogram(RUNS.outputTokensPerRun, (view) => counters(view).outputTokensPerRun, 0, true),
  histogram(RUNS.turnsPerRun, (view) => counters(view).turnsPerRun, 0, false),
];
