/** Situations in which every alert about the runs of a project stays silent, whatever else it looks at. */
import type { SilentCase } from '../case.ts';
import { failed, flat, INFO, LAST_SUCCESS, RUNS, ramp, type Series, seq } from '../series.ts';

/** The series of a firing case, where nothing may be said: its data is old, or the project has left. */
export const unfit = (series: Series, since: number): readonly SilentCase[] => [
  { name: 'the data is old', as: 'stale data', series: { ...series, [LAST_SUCCESS]: flat(0, 2000) } },
  {
    name: 'the project leaves',
    as: 'the project leaves',
    series: { ...series, [INFO]: seq(flat(1, since + 1), 'stale') },
  },
];

/** Hours of runs, then a state that was lost: all counters begin again at 0. */
export const STATE_LOST: SilentCase = {
  name: 'the state is lost and counters begin again',
  as: 'counters begin again',
  series: {
    [RUNS]: seq(flat(10_000, 60), ramp(0, 2, 300)),
    [failed('internal')]: seq(flat(5_000, 60), flat(0, 300)),
    [failed('authentication')]: seq(flat(5_000, 60), flat(0, 300)),
  },
};

/** A counter of US dollars: so many a minute after minute 10. */
export const spend = (dollars: number): string => seq(flat(0, 11), ramp(dollars, dollars, 90));
