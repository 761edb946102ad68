/** Names of the recorded series that alerts and thresholds read. */

/** Windows read from the counters themselves. */
export const SHORT = ['5m', '30m', '1h', '2h'] as const;
/** Windows added up from the 5 minute one: reading a day of raw samples at every evaluation would cost too much. */
export const LONG = ['6h', '1d'] as const;
export type Window = (typeof SHORT)[number] | (typeof LONG)[number];

/** Runs in a window. */
export const runs = (window: Window): string => `project:llamacloud_chat_runs:increase${window}`;
/** Failed runs in a window, without those that are the users' own doing. */
export const faults = (window: Window): string => `project:llamacloud_chat_run_faults:increase${window}`;
/** Share of failed runs, absent where nothing ran. */
export const faultRatio = (window: Window): string => `project:llamacloud_chat_run_fault_ratio:increase${window}`;
export const tokens = (window: '5m' | '30m' | '1h' | '6h'): string =>
  `project:llamacloud_chat_tokens:increase${window}`;
/** US dollars in a window. */
export const cost = (window: '5m' | '30m' | '1d'): string => `project:llamacloud_chat_cost_usd:increase${window}`;
export const durationSum = (window: '1h' | '6h'): string =>
  `project:llamacloud_chat_run_duration_seconds_sum:increase${window}`;
export const durationCount = (window: '1h' | '6h'): string =>
  `project:llamacloud_chat_run_duration_seconds_count:increase${window}`;

export const R = {
  dataAge: 'project:llamacloud_data_age_seconds:max',
  /** The age, only where it is too high. */
  stale: 'project:llamacloud_data_stale_seconds:max',
  /** The longest time without data that ended or lasted within the last hour. */
  gap: 'project:llamacloud_data_gap_seconds:max1h',
  /** Share of the projects of an account whose data is old. */
  staleRatio: 'account:llamacloud_data_stale_ratio:count',
  withoutUsage: 'project:llamacloud_chat_runs_without_usage:increase1d',
} as const;

/** What is usual for a project: its last week. Absent for a project, or a Prometheus, that is younger. */
export const U = {
  faultRatio: 'project:llamacloud_chat_run_fault_ratio:median1w',
  tokensPerRun: 'project:llamacloud_chat_tokens_per_run:mean1w',
  maxHourTokens: 'project:llamacloud_chat_tokens:max1h_1w',
  duration: 'project:llamacloud_chat_run_duration_seconds:mean1w',
  runs6h: 'project:llamacloud_chat_runs:mean6h_1w',
  maxCost: 'project:llamacloud_chat_cost_usd:max30m_1w',
  dailyCost: 'project:llamacloud_chat_cost_usd:mean1d_1w',
} as const;
