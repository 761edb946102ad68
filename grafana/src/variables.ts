/** The variables that all dashboards share; every one is asked anew when the time range changes. */
import {
  CustomVariableBuilder,
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { EXPORTER, RUNS } from '../../src/metrics/catalog.ts';

/** The data source of every panel, variable and annotation: the one chosen at the top of the dashboard. */
export const DATASOURCE = { type: 'prometheus', uid: '${datasource}' };

/** Choices of the smallest step; the default is the exporter's default `polling.interval`. */
const STEPS = ['15s', '30s', '1m', '2m', '5m', '10m'];
export const DEFAULT_STEP = '1m';

function datasource(): DatasourceVariableBuilder {
  return new DatasourceVariableBuilder('datasource')
    .label('Data source')
    .type('prometheus')
    .current({ text: '', value: '' });
}

function labelValues(label: string, title: string, selector: string): QueryVariableBuilder {
  const query = `label_values(${selector}, ${label})`;
  return new QueryVariableBuilder(label)
    .label(title)
    .datasource(DATASOURCE)
    .query({ query, refId: `variable-${label}` })
    .definition(query)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.AlphabeticalCaseInsensitiveAsc)
    .multi(true)
    .includeAll(true)
    .allValue('.+')
    .current({ selected: true, text: ['All'], value: ['$__all'] });
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

/** In the order in which they depend on each other. */
export function variables() {
  return [
    datasource(),
    labelValues('job', 'Job', EXPORTER.buildInfo.name),
    labelValues('instance', 'Instance', `${EXPORTER.buildInfo.name}{job=~"$job"}`),
    labelValues('project', 'Project', `${RUNS.runs.name}{job=~"$job", instance=~"$instance"}`),
    minStep(),
  ];
}
