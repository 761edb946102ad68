/** The variables that all dashboards share; what is asked of Prometheus is asked anew when the time range changes. */
import {
  CustomVariableBuilder,
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  TextBoxVariableBuilder,
  VariableHide,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { EXPORTER, RUNS, SESSIONS } from '../../src/metrics/catalog.ts';
import { aggregate, growth, names, ofExporter, ofProjects } from './promql.ts';

/** The data source of every panel, variable and annotation: the one chosen at the top of the dashboard. */
export const DATASOURCE = { type: 'prometheus', uid: '${datasource}' };

/** Choices of the smallest step; the default is the exporter's default `polling.interval`. */
const STEPS = ['15s', '30s', '1m', '2m', '5m', '10m'];
export const DEFAULT_STEP = '1m';
const DEFAULT_EXPORTER = 'http://localhost:10940';

function datasource(): DatasourceVariableBuilder {
  return new DatasourceVariableBuilder('datasource')
    .label('Data source')
    .type('prometheus')
    .current({ text: '', value: '' });
}

function asked(name: string, title: string, query: string): QueryVariableBuilder {
  return new QueryVariableBuilder(name)
    .label(title)
    .datasource(DATASOURCE)
    .query({ query, refId: `variable-${name}` })
    .definition(query)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.AlphabeticalCaseInsensitiveAsc)
    .multi(true)
    .includeAll(true)
    .current({ selected: true, text: ['All'], value: ['$__all'] });
}

function labelValues(label: string, title: string, selector: string): QueryVariableBuilder {
  return asked(label, title, `label_values(${selector}, ${label})`).allValue('.+');
}

/** An account may be absent from the series of an older exporter. */
function account(): QueryVariableBuilder {
  return labelValues('account', 'Account', ofExporter(SESSIONS.projectInfo)).allValue('.*');
}

/**
 * Projects of the chosen accounts: chosen by id, shown by name. Those that left within the time range are there too, and a project has
 * its present name. All means those that are listed, or the choice of an account would change nothing.
 */
function project(): QueryVariableBuilder {
  const info = ofExporter(SESSIONS.projectInfo, 'account=~"$account"');
  const labels = ['account', 'team', 'project', 'project_id'];
  const past = aggregate('group', `last_over_time(${info}[$__range])`, labels);
  const known = `${aggregate('group', info, labels)} or on (project_id) ${past}`;
  return asked('project', 'Project', `query_result(${names(known)})`).regex(PROJECT_OPTION);
}

/**
 * Grafana writes the result as `{account="a",project="name",project_id="id",team="t"} 1 ...`, with names as they are: they may hold
 * quotes, commas and line ends, so the id is what comes after the last `",project_id="`.
 */
const PROJECT_OPTION = String.raw`/project="(?<text>[\s\S]*)",project_id="(?<value>[^"]*)"(?:,team="[\s\S]*")?\} /`;

/**
 * Bounds of the buckets of durations that hold the slowest twentieth of the runs in the time range: the heatmap shows sessions of these
 * only, since points for all runs would cover it.
 */
function slowest(): QueryVariableBuilder {
  const byBound = aggregate('sum', growth(ofProjects(`${RUNS.duration.name}_bucket`)), ['le']);
  const all = aggregate('sum', growth(ofProjects(`${RUNS.duration.name}_count`)), []);
  return asked('slowest', 'Slowest', `query_result(${byBound} > on () group_left () 0.95 * ${all})`)
    .regex('/le="([^"]*)"/')
    .hide(VariableHide.HideVariable);
}

function exporter(): TextBoxVariableBuilder {
  const option = { selected: true, text: DEFAULT_EXPORTER, value: DEFAULT_EXPORTER };
  return new TextBoxVariableBuilder('exporter')
    .label('Exporter')
    .description(
      'Address at which you open the pages of the exporter: links to the sessions of a project begin with it.',
    )
    .defaultValue(DEFAULT_EXPORTER)
    .current(option)
    .options([option]);
}

/** `polling.interval` of the exporter: values change no more often, so a smaller step only repeats them. */
function minStep(): CustomVariableBuilder {
  const option = (step: string) => ({ selected: step === DEFAULT_STEP, text: step, value: step });
  return new CustomVariableBuilder('min_step')
    .label('Min step')
    .description(
      'The polling.interval of the exporter: the smallest step of every query, and a quarter of the window of rates.',
    )
    .values(STEPS.join(','))
    .options(STEPS.map(option))
    .current(option(DEFAULT_STEP));
}

/** A series of each part of /metrics: the parts may be scraped by two jobs, and both must be there to choose from. */
const ANY_PART = `__name__=~"${EXPORTER.buildInfo.name}|${EXPORTER.pollInterval.name}"`;

/** In the order in which they depend on each other. */
export function variables() {
  return [
    datasource(),
    labelValues('job', 'Job', `{${ANY_PART}}`),
    labelValues('instance', 'Instance', `{${ANY_PART}, job=~"$job"}`),
    account(),
    project(),
    slowest(),
    minStep(),
    exporter(),
  ];
}
