/** Faults that come and go during the soak, none of which may cost a count. `probability` is for each request. */
const match = { probability: 0.2 };

export const FAULTS: readonly (readonly object[])[] = [
  [],
  [{ match, fault: { kind: 'status', status: 503 } }],
  [],
  [{ match, fault: { kind: 'reset', after_bytes: 100 } }],
  [{ match, fault: { kind: 'truncate', keep: 0.5, framing: 'broken' } }],
  [],
  [{ match, fault: { kind: 'latency', ms: 200, jitter_ms: 200 } }],
  [{ match: {}, fault: { kind: 'rate_limit', per_minute: 1200, burst: 40 } }],
];
