import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allQueries, type Choice, fill, MAY_BE_EMPTY, mayBeEmpty } from '../../grafana/src/inventory.ts';
import { findTool } from '../support/tools.ts';
import { ERROR_SHARE, NOW_PER_MINUTE, PAST_PER_MINUTE, RENAMED, TARGET } from './history.ts';
import { Prometheus } from './prometheus.ts';

const program = findTool('prometheus');
const promtool = findTool('promtool');
const PROJECTS = 2;

const everything: Choice = { job: '.+', instance: '.+', project: '.+', rateInterval: '4m', range: '30m' };
const onlyRenamed: Choice = { ...everything, ...TARGET, project: RENAMED.after };

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
        if (!isAlert && (found.length === 0 || drawn === 0))
          empty.push(`${query.dashboard} / ${query.panel} / ${query.refId}`);
      }
    }
    expect(empty).toEqual([]);
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
    const bound = allQueries().filter((query) => mayBeEmpty(query) === null);
    expect(bound.length / allQueries().length).toBeGreaterThan(0.75);
  });
});
