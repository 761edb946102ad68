/**
 * A small past for a Prometheus, as OpenMetrics text: every metric of the catalogue, two projects, the last 40 minutes and the same
 * 40 minutes a week ago, once a minute. The second project was renamed in between. Slopes are known, so that results can be computed
 * by hand: every counter grows by 3 a minute now, by 2 a minute a week ago; run errors by a tenth of it.
 */
import { CATALOG, type Metric, PROCESS, PROJECT_LABELS, RUNS } from '../../src/metrics/catalog.ts';

const MINUTE = 60;
const WEEK = 7 * 24 * 60 * MINUTE;
type Labels = Readonly<Record<string, string>>;

export const HISTORY_MINUTES = 40;

export const NOW_PER_MINUTE = 3;
export const PAST_PER_MINUTE = 2;
export const ERROR_SHARE = 0.1;
export const TARGET = { job: 'llamacloud-exporter', instance: 'exporter:10940' };
/** Every series of the project part is there twice: Prometheus scrapes a second member whole, and panels must not count it. */
const COPIES: readonly Labels[] = [{}, { instance: 'copy:10940', pod: 'copy' }];
export const RENAMED = { id: 'p-2', before: 'Old name', after: 'New name' };

const VALUES: Readonly<Record<string, readonly string[]>> = {
  class: ['internal'],
  state: ['ok', 'error', 'never_run'],
  window: ['5m', '1h', '24h'],
  kind: ['head', 'full'],
  period: ['day', 'month'],
  outcome: ['success', 'failure', 'skipped'],
};

/** Every combination of the metric's own labels, two values at most where the catalogue leaves them open. */
function combinations(labels: readonly string[]): Labels[] {
  return labels.reduce<Labels[]>(
    (found, label) => found.flatMap((one) => (VALUES[label] ?? ['x']).map((value) => ({ ...one, [label]: value }))),
    [{}],
  );
}

function projects(isPast: boolean): Labels[] {
  const second = isPast ? RENAMED.before : RENAMED.after;
  return [
    { project_id: 'p-1', project: 'First' },
    { project_id: RENAMED.id, project: second },
  ];
}

function line(name: string, labels: Labels, value: number, time: number): string {
  const pairs = Object.entries({ ...TARGET, ...labels }).map(([key, text]) => `${key}="${text}"`);
  return `${name}{${pairs.join(',')}} ${value} ${time}`;
}

/** `grown` is how much a counter has grown by then. */
function samples({ name, type }: Pick<Metric, 'name' | 'type'>, labels: Labels, grown: number, time: number): string[] {
  if (type === 'histogram') {
    const buckets = [
      ['0.5', grown / 2],
      ['1.0', grown],
      ['+Inf', grown],
    ] as const;
    return [
      ...buckets.map(([le, count]) => line(`${name}_bucket`, { ...labels, le }, count, time)),
      line(`${name}_sum`, labels, grown * 0.6, time),
      line(`${name}_count`, labels, grown, time),
    ];
  }
  const isErrors = name === RUNS.runErrors.name;
  const gauge = name.includes('_timestamp_') || name === PROCESS.startTime ? time - 30 : 1;
  return [line(name, labels, type === 'counter' ? grown * (isErrors ? ERROR_SHARE : 1) : gauge, time)];
}

const PROCESS_METRICS = Object.values(PROCESS).map((name) => ({
  name,
  type:
    name === PROCESS.gcDuration
      ? ('histogram' as const)
      : name.endsWith('_total')
        ? ('counter' as const)
        : ('gauge' as const),
}));

function minute(time: number, grown: number, isPast: boolean): string[] {
  const ours = CATALOG.flatMap((metric) =>
    combinations(metric.labels.filter((label) => !PROJECT_LABELS.some((known) => known === label))).flatMap((own) =>
      (metric.scope === 'project' ? projects(isPast) : [{}]).flatMap((project) =>
        (metric.part === 'projects' ? COPIES : [{}]).flatMap((copy) =>
          samples(metric, { ...project, ...own, ...copy }, grown, time),
        ),
      ),
    ),
  );
  const process = PROCESS_METRICS.flatMap((metric) => samples(metric, {}, grown, time));
  const alert = { alertname: 'LlamaCloudProbe', severity: 'warning', project_id: 'p-1', project: 'First' };
  const prometheus = [
    line('up', {}, 1, time),
    line('ALERTS', { ...alert, alertstate: 'firing' }, 1, time),
    line('ALERTS_FOR_STATE', alert, time - 300, time),
  ];
  return [...ours, ...process, ...prometheus];
}

/** The text for `promtool tsdb create-blocks-from openmetrics`; `end` is seconds since the epoch, on a full minute. */
export function history(end: number): string {
  const lines: string[] = [];
  for (const [stop, perMinute] of [
    [end - WEEK, PAST_PER_MINUTE],
    [end, NOW_PER_MINUTE],
  ] as const) {
    for (let at = HISTORY_MINUTES; at >= 0; at -= 1) {
      lines.push(...minute(stop - at * MINUTE, (HISTORY_MINUTES - at) * perMinute, stop !== end));
    }
  }
  return `${lines.join('\n')}\n# EOF\n`;
}
