/** Where a number turns doubtful and where it is bad. The bad ones are those at which the alerts fire: prometheus/src/thresholds.ts. */

/** Growing upwards: orange from `warning`, red from `bad`. */
export type Limits = { readonly warning: number; readonly bad: number };

export const LIMITS = {
  /** Failed runs of all runs. */
  errorRatio: { warning: 0.01, bad: 0.1 },
  /** Seconds. */
  durationP95: { warning: 60, bad: 120 },
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
  memory: { warning: 384e6, bad: 512e6 },
  /** Seconds. */
  eventLoopLag: { warning: 0.1, bad: 0.5 },
} as const satisfies Record<string, Limits>;
