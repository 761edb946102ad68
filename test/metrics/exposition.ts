/** One family of one project as text: totals in, exposition out. */
import { classNames, type Rules } from '../../src/domain/rules.ts';
import type { Format } from '../../src/domain/serving.ts';
import type { ProjectView } from '../../src/domain/view.ts';
import type { Metric } from '../../src/metrics/catalog.ts';
import { FAMILIES } from '../../src/metrics/families/families.ts';
import { Ownership } from '../../src/metrics/families/ownership.ts';
import { lines, projectLabels } from '../../src/metrics/render/lines.ts';
import { RULES } from '../builders/values.ts';

export type Shown = {
  readonly format: Format;
  readonly fresh: boolean;
  readonly isSameMonth: boolean;
  readonly rules: Rules;
};

const DEFAULTS: Shown = { format: 'text', fresh: true, isSameMonth: true, rules: RULES };

/** The samples of `metric` for `view`, without the labels of the project, which are the same on every line. */
export function samplesOf(metric: Metric, view: ProjectView, changes: Partial<Shown> = {}): string[] {
  const { format, fresh, isSameMonth, rules } = { ...DEFAULTS, ...changes };
  const family = FAMILIES.find((candidate) => candidate.metric.name === metric.name);
  if (family === undefined) throw new Error(`${metric.name} has no family`);
  const { accounting, exemplars } = rules;
  const ownership = new Ownership(rules);
  const context = { accounting, classes: classNames(rules), exemplars, fresh, isSameMonth, ownership };
  const samples = family.samples(view, context);
  const labels = projectLabels(view.project);
  const text = lines(family.metric, labels, samples, format);
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.replace(labels, 'P'));
}
