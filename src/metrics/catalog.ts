/**
 * Every series that the exporter shows: name, type, extra labels, HELP. The contract is generated from here (docs/metrics.md),
 * and dashboards and rules read their names from here, so that a renamed metric breaks them at compile time.
 */

import { EXPORTER } from './catalog/exporter.ts';
import { MEMBERS } from './catalog/members.ts';
import type { Metric } from './catalog/metric.ts';
import { MONEY } from './catalog/money.ts';
import { POLLING } from './catalog/polling.ts';
import { RUNS } from './catalog/runs.ts';
import { SESSIONS } from './catalog/sessions.ts';

export { EXPORTER, PROCESS } from './catalog/exporter.ts';
export { MEMBERS } from './catalog/members.ts';
export type { Metric, MetricPart, MetricScope, MetricType } from './catalog/metric.ts';
export { MONEY } from './catalog/money.ts';
export { POLLING } from './catalog/polling.ts';
export { RUNS } from './catalog/runs.ts';
export { SESSIONS } from './catalog/sessions.ts';

/** Labels that every series of scope `project` has. */
export const PROJECT_LABELS = ['project_id', 'project'] as const;

/** All metrics of the catalogue, in the order of the exposition. */
export const CATALOG: readonly Metric[] = [RUNS, SESSIONS, MONEY, POLLING, EXPORTER, MEMBERS].flatMap((group) =>
  Object.values<Metric>(group),
);

/** What is shown only where members share a state in PostgreSQL. */
export const ONLY_MEMBERS: ReadonlySet<string> = new Set(Object.values(MEMBERS).map(({ name }) => name));
