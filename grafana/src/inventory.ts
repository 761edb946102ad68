/** Every query of every dashboard, for tests that run them on live data. */
import {
  type AnnotationQuery,
  type Dashboard,
  type VariableModel,
  VariableType,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { EXPORTER, MEMBERS, MONEY, POLLING, RUNS, SESSIONS } from '../../src/metrics/catalog.ts';
import { PROMETHEUS_SERIES } from './annotations.ts';
import { dashboards } from './dashboards.ts';

export type DashboardQuery = {
  /** The dashboard's uid. */
  readonly dashboard: string;
  /** Title of the panel, or `variable NAME`, or `annotation NAME`. */
  readonly panel: string;
  readonly refId: string;
  /** PromQL with Grafana's variables still in it; of a variable, what it asks: a selector whose label values it shows, or an expression. */
  readonly expr: string;
};

/** Queries of all panels, variables and annotations, in the order of the dashboards. */
export function allQueries(): DashboardQuery[] {
  return [...dashboards().values()].flatMap((dashboard) => {
    const uid = dashboard.uid ?? '';
    const variables = (dashboard.templating.list ?? []).flatMap((variable) => ofVariable(uid, variable));
    const annotations = (dashboard.annotations.list ?? []).map((annotation) => ofAnnotation(uid, annotation));
    return [...variables, ...annotations, ...ofPanels(uid, dashboard)];
  });
}

/** What a person chose at the top of a dashboard, as regular expressions, and the windows that follow from it, such as `4m`. */
export type Choice = {
  readonly job: string;
  readonly instance: string;
  readonly account: string;
  /** By id. */
  readonly project: string;
  /** Bounds of buckets. */
  readonly slowest: string;
  readonly rateInterval: string;
  readonly range: string;
};

/** The expression as Grafana sends it. */
export function fill(expr: string, choice: Choice): string {
  return expr
    .replaceAll('$__rate_interval', choice.rateInterval)
    .replaceAll('$__range', choice.range)
    .replaceAll('$instance', choice.instance)
    .replaceAll('$account', choice.account)
    .replaceAll('$project', choice.project)
    .replaceAll('$slowest', choice.slowest)
    .replaceAll('$job', choice.job);
}

/** Parts of expressions whose queries may rightly return nothing, each with the reason. */
export const MAY_BE_EMPTY: readonly { readonly part: string; readonly reason: string }[] = [
  { part: 'offset 1w', reason: 'compares with a week ago: empty until Prometheus holds a week' },
  { part: PROMETHEUS_SERIES.alerts, reason: 'shows firing alerts: empty while none fires or no rules are loaded' },
  { part: MONEY.budget.name, reason: 'absent where no budget is configured' },
  { part: MONEY.totalBudget.name, reason: 'absent where no budget of all projects is configured' },
  { part: MONEY.costThisMonth.name, reason: 'absent where no price is configured' },
  { part: RUNS.cost.name, reason: 'absent where no price is configured' },
  { part: '< 0', reason: 'brings sessions to click, and no line' },
  { part: SESSIONS.indexSessions.name, reason: 'absent unless metrics.indexes is switched on' },
  { part: POLLING.failures.name, reason: 'shows only reasons that occur: empty while no poll fails' },
  { part: EXPORTER.retries.name, reason: 'shows only reasons that occur: empty while no request is repeated' },
  { part: POLLING.invalid.name, reason: 'shows only reasons that occur: empty while no session is malformed' },
  { part: POLLING.misses.name, reason: 'shows only misses: empty while head polls find every change' },
  { part: POLLING.staleReads.name, reason: 'shows only stale reads: empty while the API shows none' },
  {
    part: POLLING.unreconciled.name,
    reason: 'shows only unreconciled runs: empty while all are told exactly',
  },
  { part: POLLING.oldestUnverified.name, reason: 'absent while no session waits for its history' },
  ...Object.values(MEMBERS).map(({ name }) => ({ part: name, reason: 'absent with a state in SQLite' })),
  { part: '< Inf', reason: 'shows only limits that exist: empty while the limiter is unlimited' },
];

/** Why the query may rightly return nothing; null if it must return data wherever sessions run. */
export function mayBeEmpty(query: DashboardQuery): string | null {
  return MAY_BE_EMPTY.find(({ part }) => query.expr.includes(part))?.reason ?? null;
}

function ofPanels(uid: string, dashboard: Dashboard): DashboardQuery[] {
  const withFolded = (dashboard.panels ?? []).flatMap((panel) => [panel, ...('panels' in panel ? panel.panels : [])]);
  return withFolded.flatMap((panel) => {
    if (!('targets' in panel)) return [];
    return (panel.targets ?? []).map((target) => {
      const { refId, expr } = target as unknown as { refId: string; expr: string };
      return { dashboard: uid, panel: panel.title ?? '', refId, expr };
    });
  });
}

function ofVariable(uid: string, variable: VariableModel): DashboardQuery[] {
  if (variable.type !== VariableType.Query || typeof variable.query !== 'object') return [];
  const { query, refId } = variable.query as { query: string; refId: string };
  const expr = /^(?:label_values\((.+), \w+\)|query_result\((.+)\))$/
    .exec(query)
    ?.slice(1)
    .find((found) => found !== undefined);
  if (expr === undefined) throw new Error(`The variable ${variable.name} of ${uid} asks in an unknown way`);
  return [{ dashboard: uid, panel: `variable ${variable.name}`, refId, expr }];
}

function ofAnnotation(uid: string, annotation: AnnotationQuery): DashboardQuery {
  return { dashboard: uid, panel: `annotation ${annotation.name}`, refId: 'A', expr: annotation.expr ?? '' };
}
