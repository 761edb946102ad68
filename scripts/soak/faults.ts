/** Faults that come and go during the soak, none of which may cost a count. */
type Weather = readonly (readonly object[])[];

/** For each request. */
const match = { probability: 0.2 };

/** While processes come and go. No rate limit: one that has just begun would learn too low a rate, and take longer to raise it than a soak lasts. */
export const STORM: Weather = [
  [],
  [{ match, fault: { kind: 'status', status: 503 } }],
  [],
  [{ match, fault: { kind: 'reset', after_bytes: 100 } }],
  [{ match, fault: { kind: 'truncate', keep: 0.5, framing: 'broken' } }],
  [],
  [{ match, fault: { kind: 'latency', ms: 200, jitter_ms: 200 } }],
];

export const FAULTS: Weather = [...STORM, [{ match: {}, fault: { kind: 'rate_limit', per_minute: 1200, burst: 40 } }]];
