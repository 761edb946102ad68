/** Faults that come and go during the soak, none of which may cost a count. */
type Weather = readonly (readonly object[])[];

/** For each request. */
const match = { probability: 0.2 };

/**
 * No rate limit: the limiter would learn half of what the exporter needs here, and take longer to raise it than a soak lasts, so that the
 * histories of the runs, a request each, piled up. `test/llamacloud` and `test/model` have it.
 */
export const FAULTS: Weather = [
  [],
  [{ match, fault: { kind: 'status', status: 503 } }],
  [],
  [{ match, fault: { kind: 'reset', after_bytes: 100 } }],
  [{ match, fault: { kind: 'truncate', keep: 0.5, framing: 'broken' } }],
  [],
  [{ match, fault: { kind: 'latency', ms: 200, jitter_ms: 200 } }],
];
