/** The table of projects: one line each, leading to the project's own dashboard. */
import { TableCellHeight } from '@grafana/grafana-foundation-sdk/common';
import { PanelBuilder as TablePanel } from '@grafana/grafana-foundation-sdk/table';
import { POLLING, RUNS, SESSIONS } from '../../../src/metrics/catalog.ts';
import { NO_DATA } from '../common.ts';
import { place, type Row } from '../layout.ts';
import { LIMITS } from '../limits.ts';
import { dataLinks, display, hidden, limitedBy, noValue, unit, width } from '../overrides.ts';
import { age, growth, max, names, ofProjects, quantileOverRange, ratio, total } from '../promql.ts';
import { rows } from '../queries.ts';
import { DATASOURCE } from '../variables.ts';

/** Identity of the project dashboard, to which the names in the table lead. */
export const PROJECT_DASHBOARD = 'llamacloud-project';

/** The project's dashboard, with the chosen time range, data source and exporter. */
const PROJECT_URL =
  `/d/${PROJECT_DASHBOARD}/llamacloud-chat-project?var-project=\${__data.fields.project_id:percentencode}` +
  '&${__url_time_range}&${datasource:queryparam}&${job:queryparam}&${instance:queryparam}&${account:queryparam}&${min_step:queryparam}' +
  '&${exporter:queryparam}';

/** The exporter's own page of a project, with its sessions. */
const EXPORTER_PROJECT_URL = '${exporter}/projects/${__data.fields.project_id:percentencode}';

const BY = 'project_id';
const runs = total(growth(ofProjects(RUNS.runs)), BY);
const errors = total(growth(ofProjects(RUNS.runErrors)), BY);

/** Titles of the columns by the letters of their queries. */
const COLUMNS: readonly (readonly [title: string, expr: string])[] = [
  ['Name', names(ofProjects(SESSIONS.projectInfo))],
  ['Runs', runs],
  ['Errors', errors],
  ['Error ratio', ratio(errors, runs)],
  ['Input tokens', total(growth(ofProjects(RUNS.inputTokens)), BY)],
  ['Output tokens', total(growth(ofProjects(RUNS.outputTokens)), BY)],
  ['Cost', total(growth(ofProjects(RUNS.cost)), BY)],
  ['p95 duration', quantileOverRange(0.95, RUNS.duration, BY)],
  ['Last activity', max(`${ofProjects(SESSIONS.lastActivity)} * 1000`, BY)],
  ['Data age', max(age(ofProjects(POLLING.lastSuccess)), BY)],
];

/** In this order before the values; the id is there for links only. */
const LABELS = ['project', 'account', 'team', BY];

const valueOf = (index: number): string => `Value #${String.fromCharCode(65 + index)}`;

function projectTable(): TablePanel {
  const table = new TablePanel()
    .title('Projects')
    .description(
      'Sums over the time range; last activity and data age are of now. A name leads to the dashboard of its project, and to its sessions at the exporter. Data age is the time since the last successful poll.',
    )
    .datasource(DATASOURCE)
    .unit('locale')
    .decimals(0)
    .noValue(NO_DATA)
    .cellHeight(TableCellHeight.Sm)
    .minWidth(70);
  for (const [, expr] of COLUMNS) table.withTarget(rows(expr));
  return style(arrange(table));
}

/** Joins the queries by project and brings their columns into order. */
function arrange(table: TablePanel): TablePanel {
  const titles = COLUMNS.map(([title], index) => [valueOf(index), title] as const).slice(1);
  return table
    .withTransformation({ id: 'joinByField', options: { byField: BY, mode: 'outer' } })
    .withTransformation({
      id: 'filterFieldsByName',
      options: { include: { pattern: '^(project_id|project|account|team|Value #[B-Z])$' } },
    })
    .withTransformation({
      id: 'organize',
      options: {
        excludeByName: {},
        indexByName: Object.fromEntries([...LABELS, ...titles.map(([value]) => value)].map((name, n) => [name, n])),
        renameByName: { project: 'Project', account: 'Account', team: 'Team', ...Object.fromEntries(titles) },
      },
    });
}

function style(table: TablePanel): TablePanel {
  return table
    .sortBy([{ build: () => ({ displayName: 'Runs', desc: true }) }])
    .overrideByName('Project', [
      dataLinks(
        ['Open the dashboard of this project', PROJECT_URL],
        ['Open its sessions at the exporter', EXPORTER_PROJECT_URL],
      ),
      ...unit('string'),
      width(190),
    ])
    .overrideByName(BY, [hidden()])
    .overrideByRegexp('/^(Account|Team)$/', [...unit('string'), width(100)])
    .overrideByRegexp('/^(Runs|Errors)$/', [width(80)])
    .overrideByName('Error ratio', [
      ...unit('percentunit', 1),
      display('color-text'),
      ...limitedBy(LIMITS.errorRatio),
      noValue('no runs'),
    ])
    .overrideByRegexp('/tokens$/', unit('short', 1))
    .overrideByName('Cost', [...unit('currencyUSD', 2), noValue('no price')])
    .overrideByName('p95 duration', [
      ...unit('s', 1),
      display('color-text'),
      ...limitedBy(LIMITS.durationP95),
      noValue('no runs'),
    ])
    .overrideByName('Last activity', [...unit('dateTimeFromNow'), noValue('unknown'), width(145)])
    .overrideByName('Data age', [
      ...unit('s', 1),
      display('color-text'),
      ...limitedBy(LIMITS.dataAge),
      noValue('never read'),
    ]);
}

export function projects(): Row {
  return { title: 'Projects', panels: [place(projectTable(), 24, 9)] };
}
