/** The healthy world with everything that any alert reads: budgets, verification, members, and what is usual for two projects. */
import { CATALOG } from '../../src/metrics/catalog.ts';
import {
  flat,
  healthyWorld,
  named,
  own,
  PROJECT_LABELS,
  project,
  ramp,
  recorded,
  type Series,
  seq,
  TWIN,
  twin,
} from './series.ts';

/** Recorded series that take a week to come about, as a project of 2 runs a minute has them. */
const USUAL: Readonly<Record<string, number>> = {
  'project:llamacloud_chat_run_fault_ratio:median1w': 0.02,
  'project:llamacloud_chat_tokens_per_run:mean1w': 1100,
  'project:llamacloud_chat_tokens:max1h_1w': 132_000,
  'project:llamacloud_chat_run_duration_seconds:mean1w': 10,
  'project:llamacloud_chat_runs:mean6h_1w': 720,
  'project:llamacloud_chat_cost_usd:max30m_1w': 0.4,
  'project:llamacloud_chat_cost_usd:mean1d_1w': 14.4,
};
export const USUAL_NAMES: readonly string[] = Object.keys(USUAL);

/** What is usual for the project `support` and its twin. */
function usual(samples: number): Record<string, string> {
  return Object.fromEntries(
    Object.entries(USUAL).flatMap(([name, value]) => [
      [recorded(name), flat(value, samples)],
      [recorded(name).replace(PROJECT_LABELS.project_id, TWIN.project_id), flat(value, samples)],
    ]),
  );
}

function money(samples: number): Record<string, string> {
  return Object.fromEntries(
    [project, twin].flatMap((of) => [
      [of('llamacloud_chat_budget_usd', { period: 'day' }), flat(50, samples)],
      [of('llamacloud_chat_budget_usd', { period: 'month' }), flat(1000, samples)],
      [of('llamacloud_chat_cost_this_month_usd'), ramp(10, 0.01, samples)],
      [of('llamacloud_exporter_oldest_unverified_timestamp_seconds'), ramp(0, 60, samples)],
    ]),
  );
}

/** A member of a job of its own, so that it explains nothing of what the exporter shows. */
const member = named({ job: 'llamacloud-exporter-members', instance: 'a:1' });

/** The healthy world, complete, in samples of a minute. */
export function fullWorld(samples: number): Record<string, string> {
  return {
    ...healthyWorld(1, samples),
    ...usual(samples),
    ...money(samples),
    [own('llamacloud_chat_total_budget_usd', { period: 'day' })]: flat(500, samples),
    [own('llamacloud_chat_total_budget_usd', { period: 'month' })]: flat(5000, samples),
    [own('llamacloud_exporter_projects_unowned')]: flat(0, samples),
    [member('up')]: flat(1, samples),
    [member('llamacloud_exporter_member_lease_seconds')]: flat(7, samples),
    [member('llamacloud_exporter_rules_info', { hash: 'one' })]: flat(1, samples),
    [member('llamacloud_exporter_commits_lost_total', { reason: 'taken' })]: flat(0, samples),
    [member('llamacloud_exporter_state_renewals_total')]: flat(0, samples),
  };
}

const COUNTERS_OF_THE_PROCESS = new Set(
  CATALOG.filter(({ part, type }) => part === 'exporter' && type !== 'gauge').flatMap(({ name }) =>
    ['', '_bucket', '_sum', '_count'].map((end) => name + end),
  ),
);
const nameOf = (key: string): string => /^[\w:]+/.exec(key)?.[0] ?? '';

/** `1+2x3` or `1x3` as first value, step and number of samples. */
function parsed(values: string): readonly [from: number, by: number, samples: number] {
  const [, from, by = '0', more] = /^(-?[\d.e-]+)(?:\+([\d.e-]+))?x(\d+)$/.exec(values) ?? [];
  if (from === undefined) throw new Error(`no line: ${values}`);
  return [Number(from), Number(by), Number(more) + 1];
}

const change = (world: Series, of: (key: string) => boolean, to: (values: string, key: string) => string): Series =>
  Object.fromEntries(
    Object.entries(world).map(([key, values]) => [key, values !== null && of(key) ? to(values, key) : values]),
  );

const isOf = (id: string) => (key: string) => key.includes(`project_id="${id}"`);

/** The world in which a project is not known before a minute, and begins at 0. Nothing is usual for it yet. */
export function young(world: Series, id: string, minute: number): Series {
  const late = change(world, isOf(id), (values, key) => {
    const [from, by, samples] = parsed(values);
    const isClock = key.includes('timestamp');
    return seq(`_x${minute}`, ramp(isClock ? by * minute : from, by, samples - minute));
  });
  return Object.fromEntries(
    Object.entries(late).filter(([key]) => !(isOf(id)(key) && USUAL_NAMES.includes(nameOf(key)))),
  );
}

/** The world in which a project leaves at a minute. */
export function left(world: Series, id: string, minute: number): Series {
  return change(world, isOf(id), (values) => {
    const [from, by] = parsed(values);
    return seq(ramp(from, by, minute), 'stale');
  });
}

/** The world in which the exporter does not answer for some minutes: what the process counts begins at 0, what is durable continues. */
export function restarted(world: Series, minute: number, gap: number): Series {
  const isOwn = (key: string): boolean => !nameOf(key).includes(':') && nameOf(key) !== 'up';
  const after = change(world, isOwn, (values, key) => {
    const [from, by, samples] = parsed(values);
    const begins = COUNTERS_OF_THE_PROCESS.has(nameOf(key));
    const again = begins ? 0 : from + by * (minute + gap);
    return seq(ramp(from, by, minute), `_x${gap}`, ramp(again, by, samples - minute - gap));
  });
  const samples = (key: string): number => parsed(world[key] ?? '0x0')[2];
  const up = own('up');
  const start = own('process_start_time_seconds');
  return {
    ...after,
    [up]: seq(flat(1, minute), flat(0, gap), flat(1, samples(up) - minute - gap)),
    [start]: seq(flat(0, minute), `_x${gap}`, flat((minute + gap) * 60, samples(start) - minute - gap)),
  };
}

/** The world in which the state is lost at a minute, after a long time: every durable counter begins again at 0. */
export function lost(world: Series, minute: number): Series {
  const durable = (key: string): boolean => /^llamacloud_chat_\w+_(total|sum|count|bucket)\{/.test(key);
  return change(world, durable, (values) => {
    const [, by, samples] = parsed(values);
    return seq(ramp(9000, by, minute), ramp(0, by, samples - minute));
  });
}
