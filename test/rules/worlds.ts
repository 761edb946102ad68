/** Situations in which a person must not be woken, and some in which exactly one thing is told, played to all rules at once. */
import type { World } from './case.ts';
import {
  COST,
  failed,
  flat,
  GAP,
  gone,
  INFO,
  LAST_SUCCESS,
  own,
  project,
  RUNS,
  ramp,
  requests,
  type Series,
  seq,
} from './series.ts';

const CREATED = own('llamacloud_exporter_state_created_timestamp_seconds');
const ERRORS = failed('internal');

/** All series of the exporter and of the project, not answered for a while. */
const away = (before: number, minutes: number): Series => ({
  [own('up')]: seq(flat(1, before), flat(0, minutes), flat(1, 200)),
  [own('llamacloud_exporter_build_info', { version: '1.0.0' })]: seq(flat(1, before), gone(minutes), flat(1, 200)),
  [own('process_start_time_seconds')]: seq(flat(0, before), gone(minutes), flat(before * 60, 200)),
  [INFO]: seq(flat(1, before), gone(minutes), flat(1, 200)),
  [RUNS]: seq(ramp(0, 2, before), gone(minutes), ramp(2 * (before + minutes), 2, 200)),
  [COST]: seq(ramp(0, 0.01, before), gone(minutes), ramp(0.01 * (before + minutes), 0.01, 200)),
  [requests('200')]: seq(ramp(0, 10, before), gone(minutes), ramp(0, 10, 200)),
});

const world = (name: string, series: Series, fires: World['fires'] = {}, minutes = 120): World => ({
  name,
  minutes,
  series,
  fires,
});

export const WORLDS: readonly World[] = [
  world('nothing is wrong, and Prometheus has no past', {}, {}, 400),
  world('a young project has three runs, and one of them fails', {
    [RUNS]: seq('_x5', flat(0, 5), '1 1 2', flat(3, 200)),
    [ERRORS]: seq('_x5', flat(0, 6), flat(1, 200)),
    [INFO]: seq('_x5', flat(1, 200)),
    [COST]: seq('_x5', flat(0, 5), '0.1 0.1 0.2', flat(0.3, 200)),
  }),
  world(
    'users of a small project cancel half of its runs',
    { [RUNS]: ramp(0, 4 / 60, 400), [failed('cancelled')]: ramp(0, 2 / 60, 400), [ERRORS]: flat(0, 400) },
    {},
    360,
  ),
  world('the exporter restarts for 4 minutes', away(60, 4)),
  world('the exporter is away for an hour', away(30, 60), { LlamaCloudExporterDown: 1 }),
  world(
    'the state is lost',
    {
      [CREATED]: seq(flat(-90_000, 60), flat(3600, 100)),
      [RUNS]: seq(ramp(9000, 2, 60), ramp(0, 2, 100)),
      [ERRORS]: seq(flat(800, 60), flat(0, 100)),
      [COST]: seq(ramp(500, 0.01, 60), ramp(0, 0.01, 100)),
    },
    {},
  ),
  world('a project is deleted', {
    [INFO]: seq(flat(1, 60), 'stale'),
    [RUNS]: seq(ramp(0, 2, 60), 'stale'),
    [LAST_SUCCESS]: seq(ramp(0, 60, 60), 'stale'),
    [GAP]: seq(flat(60, 60), 'stale'),
  }),
  world(
    'one project cannot be read while its runs fail',
    {
      [LAST_SUCCESS]: seq(ramp(0, 60, 61), flat(3600, 200)),
      [RUNS]: seq(ramp(0, 2, 61), flat(120, 200)),
      [ERRORS]: seq(flat(0, 50), ramp(1, 1, 11), flat(11, 200)),
      [project('llamacloud_exporter_poll_failures_total', { reason: 'forbidden' })]: seq(flat(0, 61), ramp(1, 1, 200)),
    },
    { LlamaCloudMostDataStale: 1, LlamaCloudErrorBudgetBurnFast: 1, LlamaCloudErrorRatioHigh: 1 },
  ),
];
