/** The dashboard queries on a real Prometheus with known history: each returns data, and the figures are right. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  allQueries,
  type Choice,
  type DashboardQuery,
  fill,
  MAY_BE_EMPTY,
  mayBeEmpty,
} from '../../grafana/src/inventory.ts';
import { names } from '../../grafana/src/promql.ts';
import { ONLY_MEMBERS, SESSIONS } from '../../src/metrics/catalog.ts';
import { findTool } from '../support/tools.ts';
import { ERROR_SHARE, HISTORY_MINUTES, NOW_PER_MINUTE, PAST_PER_MINUTE, RENAMED, TARGET } from './history.ts';
import { Prometheus, type Sample } from './prometheus.ts';

const program = findTool('prometheus');
const promtool = findTool('promtool');
const PROJECTS = 2;

const everything: Choice = {
  job: '.+',
  instance: '.+',
  account: '.*',
  project: '.+',
  slowest: '.+',
  rateInterval: '4m',
  range: '30m',
};
const onlyRenamed: Choice = { ...everything, ...TARGET, project: RENAMED.id };

/** Variables list labels, whatever the values. */
const isPanel = ({ panel }: DashboardQuery): boolean => !panel.startsWith('variable ');

const ofProject = ({ metric }: Sample): string => `${metric['project_id']}: ${metric['project']}`;

/** The query of a panel, by its titles. */
function find(dashboard: string, panel: string, refId: string): string {
  const found = allQueries().find(
    (query) => query.dashboard === dashboard && query.panel === panel && query.refId === refId,
  );
  if (found === undefined) throw new Error(`no query ${dashboard} / ${panel} / ${refId}`);
  return found.expr;
}

describe.runIf(program && promtool)('queries on a real Prometheus', () => {
  const prometheus = new Prometheus();
  const number = async (expr: string, choice: Choice) =>
    Number((await prometheus.query(fill(expr, choice)))[0]?.value[1]);

  beforeAll(() => prometheus.start(program ?? '', promtool ?? ''));
  afterAll(() => prometheus.stop());

  it('parse before variables are filled in', async () => {
    for (const { expr } of allQueries()) {
      const windows = expr.replaceAll('$__rate_interval', '4m').replaceAll('$__range', '6h');
      expect(await prometheus.parse(windows)).not.toEqual([]);
    }
  });

  it('return data, for all and for one', async () => {
    const empty: string[] = [];
    for (const query of allQueries()) {
      for (const choice of [everything, onlyRenamed]) {
        const isAlert = query.expr.includes('ALERTS') && choice === onlyRenamed;
        const found = await prometheus.query(fill(query.expr, choice));
        const drawn = await prometheus.graph(fill(query.expr, choice));
        const isForSessions = query.expr.endsWith('< 0');
        if (!isAlert && !isForSessions && (found.length === 0 || drawn === 0))
          empty.push(`${query.dashboard} / ${query.panel} / ${query.refId}`);
      }
    }
    expect(empty).toEqual([]);
  });

  it('show each project once, though whole copies are scraped', async () => {
    const shown = async (expr: string, choice: Choice) =>
      (await prometheus.query(fill(expr, choice)))
        .map(({ metric, value }) => `${JSON.stringify({ ...metric, instance: '', pod: '' })} ${value[1]}`)
        .toSorted((a, b) => a.localeCompare(b));
    const twice: string[] = [];
    for (const { dashboard, panel, refId, expr } of allQueries().filter(isPanel)) {
      const [all, one] = [await shown(expr, everything), await shown(expr, { ...everything, ...TARGET })];
      if (all.join() !== one.join()) twice.push(`${dashboard} / ${panel} / ${refId}`);
    }
    expect(twice).toEqual([]);
  });

  it('count runs per second as they grew', async () => {
    const expr = find('llamacloud-overview', 'Runs per second', 'A');
    expect(await number(expr, everything)).toBeCloseTo((PROJECTS * NOW_PER_MINUTE) / 60, 9);
    expect(await number(expr, onlyRenamed)).toBeCloseTo(NOW_PER_MINUTE / 60, 9);
  });

  it('divide failed runs by all runs', async () => {
    expect(await number(find('llamacloud-project', 'Failed runs', 'A'), everything)).toBeCloseTo(ERROR_SHARE, 9);
  });

  it('keep the past of a renamed project', async () => {
    const past = find('llamacloud-project', 'Runs per second', 'C');
    expect(await number(past, onlyRenamed)).toBeCloseTo(PAST_PER_MINUTE / 60, 9);
    const change = find('llamacloud-project', 'Runs', 'B');
    expect(await number(change, onlyRenamed)).toBeCloseTo(NOW_PER_MINUTE / PAST_PER_MINUTE - 1, 6);
  });

  it('tell projects of one name apart', async () => {
    const same = `label_replace(${SESSIONS.projectInfo.name}, "project", "Same", "", "")`;
    const shown = async (info: string) =>
      (await prometheus.query(names(info))).map(ofProject).toSorted((a, b) => a.localeCompare(b));
    expect(await shown(same)).toEqual(['p-1: Same / x / p-1', 'p-2: Same / x / p-2']);
    expect(await shown(SESSIONS.projectInfo.name)).toEqual(['p-1: First', `p-2: ${RENAMED.after}`]);
  });

  it('offer projects by id, with their present names', async () => {
    const expr = find('llamacloud-project', 'variable project', 'variable-project');
    const listed = await prometheus.query(fill(expr, { ...everything, range: '8d' }));
    expect(listed.map(ofProject).toSorted((a, b) => a.localeCompare(b))).toEqual([
      'p-1: First',
      `p-2: ${RENAMED.after}`,
    ]);
    expect(await prometheus.query(fill(expr, { ...everything, account: 'another' }))).toEqual([]);
  });

  it('find the buckets of the slowest runs', async () => {
    const expr = find('llamacloud-project', 'variable slowest', 'variable-slowest');
    const bounds = (await prometheus.query(fill(expr, everything))).map(({ metric }) => metric['le']);
    expect(new Set(bounds)).toEqual(new Set(['+Inf', '1.0']));
  });

  it('forecast the month from what was spent and the pace', async () => {
    const spent = await number(find('llamacloud-project', 'Month against budget', 'A'), everything);
    const forecast = await number(find('llamacloud-project', 'Month against budget', 'B'), everything);
    const ofBudget = await number(find('llamacloud-project', 'Month against budget', 'E'), everything);
    const budget = await number(find('llamacloud-project', 'Month against budget', 'C'), everything);
    expect([spent, budget]).toEqual([PROJECTS, PROJECTS]);
    const end = new Date(prometheus.end * 1000);
    const left = (Date.UTC(end.getUTCFullYear(), end.getUTCMonth() + 1) - end.getTime()) / 1000;
    // The past of a week ago ends before the window; the state is as old as the gauge says, so an hour counts.
    const pace = (PROJECTS * NOW_PER_MINUTE * HISTORY_MINUTES) / 3600;
    expect(forecast / (spent + pace * left)).toBeCloseTo(1, 1);
    expect(ofBudget).toBeCloseTo(forecast / budget, 6);
  });

  it('give each project one line', async () => {
    for (const refId of 'ABCDEFGHIJ') {
      const rows = await prometheus.query(fill(find('llamacloud-overview', 'Projects', refId), everything));
      expect(rows.map((row) => row.metric['project_id']).sort((a = '', b = '') => a.localeCompare(b))).toEqual([
        'p-1',
        'p-2',
      ]);
    }
  });
});

describe('the list of queries that may be empty', () => {
  it('names only parts that occur', () => {
    const expressions = allQueries().map((query) => query.expr);
    const idle = MAY_BE_EMPTY.filter(({ part }) => !expressions.some((expr) => expr.includes(part)));
    expect(idle).toEqual([]);
  });

  it('leaves most queries bound to answer', () => {
    const ofMembers = (expr: string): boolean => [...ONLY_MEMBERS].some((name) => expr.includes(name));
    const queries = allQueries().filter(({ expr }) => !ofMembers(expr));
    const bound = queries.filter((query) => mayBeEmpty(query) === null);
    expect(bound.length / queries.length).toBeGreaterThan(0.7);
  });
});
