/** How long runs take, and how many sessions are in use. */
import { place, type Row } from '../layout.ts';
import { activeSessions, durationQuantiles, sessionsByState } from '../shared.ts';

export function sessions(): Row {
  return {
    title: 'Durations and sessions',
    panels: [place(durationQuantiles(), 8, 9), place(activeSessions(), 8, 9), place(sessionsByState(), 8, 9)],
  };
}
