/** Situations in which nobody must be woken, and some in which exactly one alert must fire, evaluated by all rules at once. */
import type { Situation, World } from './case.ts';
import { fullWorld, left, lost, restarted, USUAL_NAMES, young } from './full.ts';
import {
  COST,
  failed,
  flat,
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
  twin,
} from './series.ts';

const CREATED = own('llamacloud_exporter_state_created_timestamp_seconds');
const ERRORS = failed('internal');
const INPUT = project('llamacloud_chat_input_tokens_total');
const MINUTES = 120;

/** All series of the exporter and of the project, not answered for an hour. */
const AWAY: Series = {
  [own('up')]: seq(flat(1, 30), flat(0, 60), flat(1, 200)),
  [own('llamacloud_exporter_build_info', { version: '1.0.0' })]: seq(flat(1, 30), gone(60), flat(1, 200)),
  [own('process_start_time_seconds')]: seq(flat(0, 30), gone(60), flat(1800, 200)),
  [INFO]: seq(flat(1, 30), gone(60), flat(1, 200)),
  [RUNS]: seq(ramp(0, 2, 30), gone(60), ramp(180, 2, 200)),
  [COST]: seq(ramp(0, 0.01, 30), gone(60), ramp(0.9, 0.01, 200)),
  [requests('200')]: seq(ramp(0, 10, 30), gone(60), ramp(0, 10, 200)),
};

/** A young project with three runs, of which one fails and all are expensive. */
const THREE_RUNS: Series = {
  [RUNS]: seq('_x5', flat(0, 5), '1 1 2', flat(3, 108)),
  [ERRORS]: seq('_x5', flat(0, 6), flat(1, 110)),
  [COST]: seq('_x5', flat(0, 5), '0.1 0.1 0.2', flat(0.3, 108)),
  [INPUT]: seq('_x5', flat(0, 5), '40000 40000 80000', flat(120_000, 108)),
  [project('llamacloud_chat_run_duration_seconds_sum')]: seq('_x5', flat(0, 5), '90 90 180', flat(270, 108)),
  [project('llamacloud_chat_run_duration_seconds_count')]: seq('_x5', flat(0, 5), '1 1 2', flat(3, 108)),
  [project('llamacloud_chat_runs_without_usage_total')]: seq('_x5', flat(0, 6), flat(1, 110)),
};

/** Four runs an hour: one fails, one is expensive, slow and has no usage. */
const small = (of: typeof project): Series => ({
  [of('llamacloud_chat_runs_total')]: ramp(0, 4 / 60, 400),
  [of('llamacloud_chat_run_errors_total', { class: 'internal' })]: seq(flat(0, 200), flat(1, 200)),
  [of('llamacloud_chat_cost_usd_total')]: seq(ramp(0, 0.001, 200), ramp(0.7, 0.001, 200)),
  [of('llamacloud_chat_input_tokens_total')]: seq(ramp(0, 70, 200), ramp(44_000, 70, 200)),
  [of('llamacloud_chat_output_tokens_total')]: ramp(0, 7, 400),
  [of('llamacloud_chat_run_duration_seconds_sum')]: seq(ramp(0, 0.7, 200), ramp(240, 0.7, 200)),
  [of('llamacloud_chat_run_duration_seconds_count')]: ramp(0, 4 / 60, 400),
  [of('llamacloud_chat_runs_without_usage_total')]: seq(flat(0, 200), flat(1, 200)),
});

const world = (name: string, series: Series, fires: World['fires'] = {}, minutes = MINUTES): World => ({
  name,
  shows: [],
  minutes,
  series,
  given: [],
  fires,
});

/** A world with everything that any alert reads. */
const full = (name: string, shows: readonly Situation[], series: Series, fires: World['fires'] = {}): World => ({
  ...world(name, series, fires),
  shows,
  given: USUAL_NAMES,
});

const HEALTHY = fullWorld(MINUTES + 1);
const withoutPast = Object.fromEntries(
  Object.entries(fullWorld(241)).filter(([key]) => !USUAL_NAMES.some((name) => key.startsWith(name))),
);

export const WORLDS: readonly World[] = [
  {
    ...world('nothing is wrong, and Prometheus has no past', withoutPast, {}, 240),
    shows: ['Prometheus has no past'],
  },
  full('two projects of one name, each in its account', ['two projects of one name'], HEALTHY),
  full('a young project has three runs, and one of them fails', ['a young project'], {
    ...young(HEALTHY, 'p1', 5),
    ...THREE_RUNS,
  }),
  {
    ...full('users of a small project cancel half of its runs', ['users cancel', 'a small project'], {
      ...fullWorld(361),
      ...small(project),
      ...small(twin),
      [failed('cancelled')]: ramp(0, 2 / 60, 400),
    }),
    minutes: 360,
  },
  full('the exporter restarts for 4 minutes', ['the exporter restarts'], restarted(HEALTHY, 60, 4)),
  world('the exporter is away for an hour', AWAY, { LlamaCloudExporterDown: 1 }),
  full(
    'the state is lost',
    ['counters begin again'],
    {
      ...lost(HEALTHY, 60),
      [CREATED]: seq(flat(60, 60), flat(3720, 61)),
      [ERRORS]: seq(flat(800, 60), flat(0, 61)),
    },
    { LlamaCloudExporterStateRecreated: 1 },
  ),
  full('a project is deleted', ['the project leaves'], left(HEALTHY, 'p1', 60)),
  full(
    'one project cannot be read while its runs fail',
    ['stale data'],
    {
      ...HEALTHY,
      [LAST_SUCCESS]: seq(ramp(0, 60, 61), flat(3600, 200)),
      [RUNS]: seq(ramp(0, 2, 61), flat(120, 200)),
      [ERRORS]: seq(flat(0, 50), ramp(1, 1, 11), flat(11, 200)),
      [project('llamacloud_exporter_poll_failures_total', { reason: 'forbidden' })]: seq(flat(0, 61), ramp(1, 1, 200)),
    },
    { LlamaCloudMostDataStale: 1, LlamaCloudErrorBudgetBurnFast: 1, LlamaCloudErrorRatioHigh: 1 },
  ),
];
