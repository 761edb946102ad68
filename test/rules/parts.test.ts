/** Rules and dashboards hold where the project part and the exporter part are scraped by two jobs: nothing joins them by the target. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allQueries } from '../../grafana/src/inventory.ts';
import { Prometheus } from '../grafana/prometheus.ts';
import { findTool } from '../support/tools.ts';
import { mixed, parts, type Recorded, type Tree } from './parts.ts';
import { alertsOf, readGroups, recordedNames, recordsOf } from './shipped.ts';

const program = findTool('prometheus');
const promtool = findTool('promtool');
const groups = await readGroups();

describe.runIf(program && promtool)('no expression joins both parts by job or instance', () => {
  const prometheus = new Prometheus();
  let recorded: Recorded;

  beforeAll(async () => {
    await prometheus.start(program ?? '', promtool ?? '');
    recorded = await partsOfRecords();
  });
  afterAll(() => prometheus.stop());

  /** Records in the order in which they read each other. */
  async function partsOfRecords(): Promise<Recorded> {
    const found = new Map<string, ReturnType<typeof parts>>();
    let left = recordsOf(groups);
    while (left.length > 0) {
      const names = new Set(left.map((rule) => rule.record));
      const ready = left.filter((rule) => recordedNames(rule.expr).every((name) => !names.has(name)));
      if (ready.length === 0) throw new Error(`records read each other: ${[...names].join(', ')}`);
      for (const { record, expr } of ready) found.set(record, parts(await tree(expr), found));
      left = left.filter((rule) => !ready.includes(rule));
    }
    return found;
  }

  const tree = (expr: string): Promise<Tree> =>
    prometheus.tree(expr.replaceAll('$__rate_interval', '4m').replaceAll('$__range', '6h'));

  it('in recording rules and alerts', async () => {
    const wrong: string[] = [];
    for (const rule of [...recordsOf(groups), ...alertsOf(groups)]) {
      const found = mixed(await tree(rule.expr), recorded);
      if (found.length > 0) wrong.push(`${'alert' in rule ? rule.alert : rule.record}: ${found.join()}`);
    }
    expect(wrong).toEqual([]);
  });

  it('in dashboards', async () => {
    const wrong: string[] = [];
    for (const { dashboard, panel, refId, expr } of allQueries()) {
      if ((await tree(expr).then((root) => mixed(root, recorded))).length > 0)
        wrong.push(`${dashboard} / ${panel} / ${refId}`);
    }
    expect(wrong).toEqual([]);
  });

  it.each([
    ['llamacloud_exporter_projects > on (job, instance) process_start_time_seconds', ['>']],
    ['llamacloud_exporter_projects and llamacloud_exporter_build_info', ['and']],
    ['sum by (instance) (llamacloud_exporter_projects) / ignoring (job) process_open_fds', ['/']],
    [
      'project:llamacloud_project_info:group unless on (instance) instance:llamacloud_exporter_build_info:group',
      ['unless'],
    ],
    ['llamacloud_exporter_projects > on () group_left () sum(process_open_fds)', []],
    ['llamacloud_exporter_projects * scalar(max(process_open_fds))', []],
    ['sum(llamacloud_exporter_projects) / sum(process_open_fds)', []],
    [
      'sum by (account) (llamacloud_exporter_projects) / sum by (account) (rate(llamacloud_exporter_pages_total[5m]))',
      [],
    ],
    [
      '(process_open_fds and on () sum(llamacloud_exporter_projects)) unless on (instance) process_start_time_seconds',
      [],
    ],
    ['up == 0 unless on (job) llamacloud_exporter_projects', []],
    ['process_open_fds > on (instance) process_start_time_seconds', []],
  ])('is told of %s', async (expr, expected) => {
    expect(mixed(await tree(expr), recorded)).toEqual(expected);
  });
});
