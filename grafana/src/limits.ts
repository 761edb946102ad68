/** Where a number turns doubtful and where it is bad: for most, where an alert fires (prometheus/src/thresholds/). */

/** Growing upwards: orange from `warning`, red from `bad`. */
export type Limits = { readonly warning: number; readonly bad: number };

export const LIMITS = {
  /** Failed runs of all runs. */
  errorRatio: { warning: 0.02, bad: 0.1 },
  /** Seconds. No alert: each project is compared with its own last week. */
  durationP95: { warning: 60, bad: 120 },
  /** No alert: what an agent that loops costs is. */
  turnsP95: { warning: 10, bad: 20 },
  /** Runs without token counts of all runs. */
  withoutUsage: { warning: 0.1, bad: 0.2 },
  /** Seconds since the last successful poll. */
  dataAge: { warning: 300, bad: 900 },
  /** Seconds of a request to the API, of nineteen in twenty. */
  requestP95: { warning: 5, bad: 10 },
  /** Bytes on disk. */
  stateSize: { warning: 2e9, bad: 4e9 },
  /** Bytes of resident memory. */
  memory: { warning: 300e6, bad: 400e6 },
  /** Seconds. No alert: nobody notices until data is old. */
  eventLoopLag: { warning: 0.1, bad: 0.5 },
} as const satisfies Record<string, Limits>;
