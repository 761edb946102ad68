/** Input series for promtool, in its notation: `1+2x3` is 1 3 5 7, `_` is a missing sample, `stale` the end of a series. */

/** Series by name with labels; null takes a series of the healthy world away. */
export type Series = Readonly<Record<string, string | null>>;

export const INSTANCE_LABELS = { job: 'llamacloud-exporter', instance: 'exporter:10940' } as const;
export const PROJECT_LABELS = { ...INSTANCE_LABELS, project_id: 'p1', project: 'support' } as const;
/** Labels of an alert about the project `support`: routes go by the last two. */
export const PROJECT_ALERT_LABELS = { ...PROJECT_LABELS, account: 'default', team: 'care' } as const;
export const ACCOUNT_LABELS = { ...INSTANCE_LABELS, account: 'default' } as const;

/** Series with these labels, by name and further labels. */
export const named =
  (labels: Readonly<Record<string, string>>) =>
  (name: string, extra: Readonly<Record<string, string>> = {}) => {
    const pairs = Object.entries({ ...labels, ...extra }).map(([key, value]) => `${key}="${value}"`);
    return `${name}{${pairs.join(',')}}`;
  };

/** A series of the exporter itself. */
export const own = named(INSTANCE_LABELS);
/** A series of the project `support`. */
export const project = named(PROJECT_LABELS);
/** A series of the account `default`. */
export const account = named(ACCOUNT_LABELS);

/** `n` samples of one value. */
export const flat = (value: number, n: number): string => (n === 1 ? `${value}` : `${value}x${n - 1}`);
/** `n` samples that start at a value and rise by a step. */
export const ramp = (from: number, by: number, n: number): string => `${from}+${by}x${n - 1}`;
/** `n` missing samples. */
export const gone = (n: number): string => `_x${n}`;
/** Parts one after the other. */
export const seq = (...parts: readonly string[]): string => parts.join(' ');

/** Another project of the same name, in another account: nothing is ever wrong with it. */
export const TWIN = { ...INSTANCE_LABELS, project_id: 'p2', project: 'support' } as const;
export const twin = named(TWIN);

/** An exporter and two projects with which nothing is wrong: samples at every step of so many minutes; each project has 2 runs a minute. */
export function healthyWorld(step: number, samples: number): Readonly<Record<string, string>> {
  const always = (value: number) => flat(value, samples);
  const rising = (perMinute: number) => ramp(0, perMinute * step, samples);
  const now = ramp(0, step * 60, samples);
  return {
    [own('up')]: always(1),
    [own('process_start_time_seconds')]: always(0),
    [own('process_resident_memory_bytes')]: always(1e8),
    [own('llamacloud_exporter_build_info', { version: '1.0.0' })]: always(1),
    [own('llamacloud_exporter_config_last_reload_successful')]: always(1),
    [own('llamacloud_exporter_snapshot_timestamp_seconds')]: now,
    [own('llamacloud_exporter_state_size_bytes')]: always(1e8),
    [own('llamacloud_exporter_state_created_timestamp_seconds')]: always(0),
    [own('llamacloud_exporter_state_write_errors_total')]: always(0),
    [own('llamacloud_exporter_poll_interval_seconds', { kind: 'head' })]: always(60),
    [own('llamacloud_exporter_poll_interval_seconds', { kind: 'full' })]: always(1800),
    [account('llamacloud_exporter_projects')]: always(1),
    [account('llamacloud_exporter_discovery_up')]: always(1),
    [requests('200')]: rising(10),
    [apiBucket('1')]: rising(10),
    [apiBucket('10')]: rising(10),
    [apiBucket('30')]: rising(10),
    [apiBucket('+Inf')]: rising(10),
    [INFO]: always(1),
    ...healthyProject(project, always, rising, now),
    [twin('llamacloud_project_info', { account: 'other', organization_id: 'o2' })]: always(1),
    ...healthyProject(twin, always, rising, now),
  };
}

type Samples = (figure: number) => string;
const CLASSES = ['internal', 'authentication', 'index_unavailable', 'cancelled'];

function healthyProject(of: typeof project, always: Samples, rising: Samples, now: string): Record<string, string> {
  const errors = CLASSES.map((name) => [of('llamacloud_chat_run_errors_total', { class: name }), always(0)]);
  return {
    [of('llamacloud_exporter_project_last_success_timestamp_seconds')]: now,
    [of('llamacloud_exporter_project_last_full_sweep_timestamp_seconds')]: now,
    [of('llamacloud_exporter_project_poll_gap_seconds')]: always(60),
    [of('llamacloud_exporter_poll_duration_seconds', { kind: 'head' })]: always(1),
    [of('llamacloud_exporter_poll_duration_seconds', { kind: 'full' })]: always(5),
    [of('llamacloud_exporter_invalid_sessions_total', { reason: 'future' })]: always(0),
    [of('llamacloud_chat_runs_total')]: rising(2),
    ...Object.fromEntries(errors),
    [of('llamacloud_chat_runs_without_usage_total')]: always(0),
    [of('llamacloud_chat_input_tokens_total')]: rising(2_000),
    [of('llamacloud_chat_output_tokens_total')]: rising(200),
    [of('llamacloud_chat_cost_usd_total')]: rising(0.01),
    [of('llamacloud_chat_run_duration_seconds_sum')]: rising(20),
    [of('llamacloud_chat_run_duration_seconds_count')]: rising(2),
  };
}

export const requests = (code: string): string =>
  account('llamacloud_exporter_api_requests_total', { endpoint: 'list_sessions', code });
export const apiBucket = (le: string): string =>
  account('llamacloud_exporter_api_request_duration_seconds_bucket', { endpoint: 'list_sessions', le });
export const failed = (name: string): string => project('llamacloud_chat_run_errors_total', { class: name });

export const RUNS = project('llamacloud_chat_runs_total');
export const COST = project('llamacloud_chat_cost_usd_total');
export const LAST_SUCCESS = project('llamacloud_exporter_project_last_success_timestamp_seconds');
export const GAP = project('llamacloud_exporter_project_poll_gap_seconds');
/** A recorded series of the project `support`: what alerts read, where the counters behind it would take a week of samples. */
export const recorded = (record: string): string =>
  `${record}{job="llamacloud-exporter",instance="exporter:10940",project_id="p1"}`;
/** The series by which the rules know the project and its name. */
export const INFO = project('llamacloud_project_info', {
  account: 'default',
  organization_id: 'o1',
  is_default: 'false',
  team: 'care',
});
