/** The number of series per project, as documented, and the advice on reducing it. */
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { sizeAdvice } from '../../scripts/docs-size.ts';
import { FULL_RULES, seriesInAll, seriesPerProject } from '../../scripts/series-per-project.ts';
import { configFromText } from '../../src/config/config.ts';
import { familyGlob } from '../../src/config/file/globs.ts';
import type { Rules } from '../../src/domain/rules.ts';
import { FAMILIES } from '../../src/metrics/families/families.ts';
import { counters, gauges, NOW, polls, RULES, totals, view } from '../builders/values.ts';
import { read, room } from './room.ts';

/** Series of one project in a scrape of a project of which everything is known. */
async function scraped(rules: Rules): Promise<readonly string[]> {
  const extreme = { no: 0, value: 5 };
  const costNanoUsd = rules.prices.length === 0 ? null : 1;
  const metrics = room(rules);
  metrics.publisher.put(
    view({
      totals: totals({
        counters: counters({ costNanoUsd }),
        gauges: gauges({ ok: 1, durationUs: 5, durationCount: 1, longest: extreme, newest: extreme }),
      }),
      polls: polls({ gapSeconds: 1, lastDuration: { head: 1, full: 2 } }),
      oldestUnverified: NOW - 1,
      activity: { m5: 1, h1: 1, h24: 1 },
    }),
  );
  return (await read(metrics)).split('\n').filter((line) => line.includes('{project_id="p1"'));
}

test('a project has at most 120 series by default', async () => {
  const { rules } = await configFromText('none.yml', 'accounts: [{ api_key: k }]', {}, {});
  expect((await scraped(rules)).length).toBeLessThanOrEqual(120);
});

test.each([RULES, FULL_RULES])('the documented number is that of a scrape', async (rules) => {
  expect((await scraped(rules)).length).toBe(seriesInAll(rules));
});

test('the documented series of each family are those of a scrape', async () => {
  const lines = await scraped(FULL_RULES);
  for (const [name, series] of seriesPerProject(FULL_RULES)) {
    const found = lines.filter((line) => new RegExp(`^${name}(_bucket|_sum|_count)?\\{`).test(line));
    expect([name, found.length]).toEqual([name, series]);
  }
});

test('the advice names what exists', () => {
  const blocks = [...sizeAdvice().matchAll(/```yaml\n([\s\S]*?)```/g)].map((match) => parse(match[1] ?? '') as unknown);
  const [disabling, relabelling] = blocks as [
    { metrics: { disable: string[] } },
    { metric_relabel_configs: { regex: string }[] },
  ];
  const names = FAMILIES.map(({ metric }) => metric.name);
  for (const glob of disabling.metrics.disable) expect(names.some(familyGlob(glob).matches), glob).toBe(true);
  expect(relabelling.metric_relabel_configs).toHaveLength(3);
});

test('the advice keeps every second bucket', async () => {
  const [, second] = [...sizeAdvice().matchAll(/regex: (.*)/g)].map((match) => new RegExp(`^(?:${match[1]})$`));
  const bounds = (await scraped(RULES))
    .filter((line) => line.startsWith('llamacloud_chat_run_duration_seconds_bucket'))
    .map((line) => /le="([^"]*)"/.exec(line)?.[1] ?? '');
  const kept = bounds.filter((le) => !second?.test(`llamacloud_chat_run_duration_seconds_bucket;${le}`));
  expect(kept).toEqual(['0.25', '1', '5', '20', '80', '320', '1280', '+Inf']);
});
