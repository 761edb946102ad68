/** How long runs take, and how many sessions are in use. */
import { RUNS } from '../../../src/metrics/catalog.ts';
import { limited } from '../common.ts';
import { place, type Row } from '../layout.ts';
import { LIMITS } from '../limits.ts';
import { activeSessions, quantiles, sessionsByState } from '../shared.ts';

function durations() {
  const panel = quantiles(
    'Duration of runs',
    'Quantiles of the duration of runs, estimated from the buckets of the histogram. The dashed lines stand at 1 and 2 minutes.',
    's',
    RUNS.duration,
  );
  return limited(panel, LIMITS.durationP95);
}

export function sessions(): Row {
  return {
    title: 'Durations and sessions',
    panels: [place(durations(), 8, 9), place(activeSessions(), 8, 9), place(sessionsByState(), 8, 9)],
  };
}
