/** How members share the work over one PostgreSQL; folded, since it is empty where the state is in SQLite. */
import type { PanelBuilder as TimeseriesPanel } from '@grafana/grafana-foundation-sdk/timeseries';
import { MEMBERS } from '../../../src/metrics/catalog.ts';
import { byValue, events, lines } from '../common.ts';
import { place, type Row } from '../layout.ts';
import { color, dashed } from '../overrides.ts';
import { COLOR } from '../palette.ts';
import { max, ofExporter, rate, sum } from '../promql.ts';
import { series } from '../queries.ts';

/** Shown instead of a graph without data. */
const NO_MEMBERS = 'The state is in SQLite: there are no members';

const graph = (title: string, description: string, unit = 'short'): TimeseriesPanel =>
  lines(title, description, unit).noValue(NO_MEMBERS);

function leases(): TimeseriesPanel {
  return graph(
    'Leases',
    'Time for which each member may still work without renewing its lease. At 0 it polls nothing, and others take its projects.',
    's',
  )
    .colorScheme(byValue())
    .withTarget(series(max(ofExporter(MEMBERS.lease), 'instance'), '{{instance}}'));
}

function owned(): TimeseriesPanel {
  return graph('Projects by member', 'Projects that each member polls, and those that no member polls.')
    .colorScheme(byValue())
    .withTarget(series(max(ofExporter(MEMBERS.owned), 'instance'), '{{instance}}'))
    .withTarget(series(max(ofExporter(MEMBERS.unowned)), 'Unowned'))
    .overrideByName('Unowned', [color(COLOR.error)]);
}

function living(): TimeseriesPanel {
  return graph(
    'Members and rules',
    'Members whose lease stands, as they see each other, and how many different configurations they count by: more than one only while a new one is rolled out.',
  )
    .withTarget(series(max(ofExporter(MEMBERS.members)), 'Members'))
    .withTarget(series(`count(group by (hash) (${ofExporter(MEMBERS.rules)}))`, 'Configurations'))
    .overrideByName('Members', [color(COLOR.input)])
    .overrideByName('Configurations', [color(COLOR.warning), ...dashed()]);
}

function claims(): TimeseriesPanel {
  return events(
    'Claims',
    'Projects that members claimed, per minute: at a start, a take-over, and when members come or go.',
  )
    .noValue('No project has changed hands')
    .withTarget(series(`60 * ${sum(rate(ofExporter(MEMBERS.claims)))} > 0`, 'Claimed'))
    .overrideByName('Claimed', [color(COLOR.input)]);
}

function commits(): TimeseriesPanel {
  const perMinute = (selector: string, ...labels: string[]): string => `60 * ${sum(rate(selector), ...labels)} > 0`;
  return events(
    'Commits that failed',
    'Per minute: commits that the database refused, by reason; commits whose answer was lost; projects that began again at 0 after a failover.',
  )
    .noValue('No commit has failed')
    .withTarget(series(perMinute(ofExporter(MEMBERS.commitsLost), 'reason'), 'Lost: {{reason}}'))
    .withTarget(series(perMinute(ofExporter(MEMBERS.commitsInDoubt)), 'In doubt'))
    .withTarget(series(perMinute(ofExporter(MEMBERS.renewals)), 'Renewed'))
    .overrideByRegexp('/^Lost/', [color(COLOR.warning)])
    .overrideByName('In doubt', [color(COLOR.p95)])
    .overrideByName('Renewed', [color(COLOR.error)]);
}

const refreshQuantile = (q: number): string =>
  `histogram_quantile(${q}, ${sum(rate(ofExporter(`${MEMBERS.refreshDuration.name}_bucket`)), 'le')})`;

function refreshes(): TimeseriesPanel {
  return graph(
    'Duration of refreshes',
    'How long it takes to read what has changed in the database before a scrape is answered; after 2 seconds it is refused.',
    's',
  )
    .withTarget(series(refreshQuantile(0.5), 'p50'))
    .withTarget(series(refreshQuantile(0.99), 'p99'))
    .overrideByName('p50', [color(COLOR.p50)])
    .overrideByName('p99', [color(COLOR.p99)]);
}

export function members(): Row {
  return {
    title: 'Members: several exporters over one PostgreSQL',
    isFolded: true,
    panels: [
      place(leases(), 8, 8),
      place(owned(), 8, 8),
      place(living(), 8, 8),
      place(claims(), 8, 8),
      place(commits(), 8, 8),
      place(refreshes(), 8, 8),
    ],
  };
}
