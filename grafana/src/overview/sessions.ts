/** How long runs take, and how many sessions are in use. */
import { RUNS } from '../../../src/metrics/catalog.ts';
import { place, type Row } from '../layout.ts';
import { activeSessions, quantiles, sessionsByState } from '../shared.ts';

function durations() {
  return quantiles(
    'Duration of runs',
    'Quantiles of the duration of runs, estimated from the buckets of the histogram.',
    's',
    RUNS.duration,
  );
}

export function sessions(): Row {
  return {
    title: 'Durations and sessions',
    panels: [place(durations(), 8, 9), place(activeSessions(), 8, 9), place(sessionsByState(), 8, 9)],
  };
}
