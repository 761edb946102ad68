/** The recorded series that say what is usual for a project in a week. */
import { describe, expect, it } from 'vitest';
import { findTool } from '../support/tools.ts';
import { failures } from './promtool.ts';
import { flat, recorded, type Series, seq } from './series.ts';
import { readGroups } from './shipped.ts';

const promtool = findTool('promtool') ?? '';
const usual = (await readGroups()).filter((group) => group.name === 'llamacloud-usual');
/** Samples every half hour in a day. */
const DAY = 48;
const at = (days: number): string => `${days * 24 * 60}m`;

/** Values of a recorded series at the end of so many days, from series that it reads. */
async function says(series: Series, days: number, record: string, value: number | null): Promise<string> {
  const input = Object.entries(series).map(([key, values]) => ({ series: key, values }));
  const samples = value === null ? [] : [{ labels: recorded(record), value }];
  const test = {
    name: record,
    interval: '30m',
    input_series: input,
    promql_expr_test: [{ expr: record, eval_time: at(days), exp_samples: samples }],
  };
  return failures(promtool, usual, [test]);
}

const RATIO = recorded('project:llamacloud_chat_run_fault_ratio:increase6h');
const TOKENS = recorded('project:llamacloud_chat_tokens:increase6h');
const RUNS = recorded('project:llamacloud_chat_runs:increase6h');
const COST = recorded('project:llamacloud_chat_cost_usd:increase30m');
const HOUR_TOKENS = recorded('project:llamacloud_chat_tokens:increase1h');
const DAILY = recorded('project:llamacloud_chat_cost_usd:increase1d');

describe.runIf(promtool)('what is usual for a project', { timeout: 120_000 }, () => {
  it('is the median of its failures: one bad day changes nothing', async () => {
    const series = { [RATIO]: seq(flat(0.02, 3 * DAY), flat(1, DAY), flat(0.02, 4 * DAY)) };
    expect(await says(series, 7.5, 'project:llamacloud_chat_run_fault_ratio:median1w', 0.02)).toBe('');
  });

  it('is the mean of its tokens, weighted by runs', async () => {
    const series = {
      [TOKENS]: seq(flat(1000, 4 * DAY), flat(90_000, 4 * DAY)),
      [RUNS]: seq(flat(10, 4 * DAY), flat(300, 4 * DAY)),
    };
    // 16 pieces of a day's quarter before, 12 after: (16 * 1000 + 12 * 90000) / (16 * 10 + 12 * 300).
    expect(await says(series, 7, 'project:llamacloud_chat_tokens_per_run:mean1w', 1_096_000 / 3760)).toBe('');
  });

  it('is not known from fewer than ten runs', async () => {
    const series = { [TOKENS]: flat(1000, 8 * DAY), [RUNS]: flat(0.3, 8 * DAY) };
    expect(await says(series, 7.5, 'project:llamacloud_chat_tokens_per_run:mean1w', null)).toBe('');
  });

  it('is not known from a week whose runs had no token counts', async () => {
    const series = { [TOKENS]: flat(0, 8 * DAY), [RUNS]: flat(10, 8 * DAY) };
    expect(await says(series, 7.5, 'project:llamacloud_chat_tokens_per_run:mean1w', null)).toBe('');
  });

  it('is its most expensive half hour of six days, without the last day', async () => {
    const series = { [COST]: seq(flat(1, 2 * DAY), '7', flat(1, 5 * DAY), flat(50, DAY)) };
    expect(await says(series, 7.5, 'project:llamacloud_chat_cost_usd:max30m_1w', 7)).toBe('');
  });

  it('has no most expensive half hour in the first two days', async () => {
    const record = 'project:llamacloud_chat_cost_usd:max30m_1w';
    expect(await says({ [COST]: seq('_x10', flat(1, 3 * DAY)) }, 2, record, null)).toBe('');
    expect(await says({ [COST]: seq('_x10', flat(1, 3 * DAY)) }, 2.5, record, 1)).toBe('');
  });

  it('has its largest hour of tokens', async () => {
    const series = { [HOUR_TOKENS]: seq(flat(100, 3 * DAY), '900', flat(100, 4 * DAY)) };
    expect(await says(series, 7, 'project:llamacloud_chat_tokens:max1h_1w', 900)).toBe('');
  });

  it('expects the runs of the same hours of seven days', async () => {
    const series = { [RUNS]: seq(flat(7, DAY), flat(14, 6 * DAY), flat(0, DAY)) };
    expect(await says(series, 7.5, 'project:llamacloud_chat_runs:mean6h_1w', 13)).toBe('');
    expect(await says(series, 6.5, 'project:llamacloud_chat_runs:mean6h_1w', null)).toBe('');
  });

  it('has a mean daily cost from the first day on', async () => {
    const series = { [DAILY]: seq(flat(10, 2 * DAY), flat(20, 6 * DAY)) };
    expect(await says(series, 1, 'project:llamacloud_chat_cost_usd:mean1d_1w', 10)).toBe('');
  });
});
