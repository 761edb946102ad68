/** Thresholds for the exporter, the API and the freshness of the data. */
import { EXPORTER, POLLING } from '../../../src/metrics/catalog.ts';
import { BY_PROJECT, INSTANCE, INSTANCES, PROJECT, PROJECTS } from '../levels.ts';
import { promql, type RecordingRule } from '../rule.ts';
import { computed, instance, project } from './make.ts';

/** Interval of polls as configured, one value for each exporter; a part of what is scraped with the projects. */
const interval = (kind: 'head' | 'full'): string =>
  `max by (${INSTANCE}) (${EXPORTER.pollInterval.name}{kind="${kind}"})`;

const FIVE_POLLS = promql`
  clamp_min(5 * ${interval('head')}, 900)
      * on (${INSTANCE}) group_right ()
    ${PROJECTS}
`;

export const EXPORTER_THRESHOLDS = {
  dataAge: computed(
    'data_age_seconds',
    promql`
      (
        3 * max by (${PROJECT}) (${POLLING.duration.name}{kind="full"})
          > on (${PROJECT})
        (${FIVE_POLLS})
      )
        * ${BY_PROJECT}
      ${PROJECTS}
        or on (${PROJECT})
      ${FIVE_POLLS}
    `,
    'Age at which the data of a project is old: five polls, three full sweeps, and never less than 15 minutes.',
  ),
  sweepAge: computed(
    'full_sweep_age_seconds',
    promql`
      3 * ${interval('full')}
        * on (${INSTANCE}) group_right ()
      ${PROJECTS}
    `,
    'Age at which the last complete sweep is old: three times its interval.',
  ),
  verificationAge: project(
    'unverified_age_seconds',
    7200,
    'Age of the oldest change whose event history has not been read: a retry may take an hour, so two mean that it falls behind.',
  ),
  staleShare: {
    record: 'account:llamacloud_data_stale_ratio:threshold',
    expr: `0.5 * group by (job, instance, account) (${PROJECTS})`,
    comment: 'Share of the projects of an account with old data above which it is not about single projects.',
  },
  invalidSessions: project(
    'invalid_sessions',
    10,
    'Malformed sessions dropped in an hour; a session counts again at every read.',
  ),
  rateLimitedRatio: instance('api_rate_limited_ratio', 0.05, 'Share of API requests answered 429.'),
  apiErrorRatio: instance('api_error_ratio', 0.1, 'Share of API requests that ended in 5xx or without an answer.'),
  apiDownRatio: instance('api_down_ratio', 0.9, 'The same share at which the API counts as down.'),
  apiDurationP95: instance(
    'api_request_duration_p95_seconds',
    10,
    'Seconds that one API request in twenty may exceed.',
  ),
  stateSize: {
    record: 'instance:llamacloud_exporter_state_size_bytes:threshold',
    expr: `4e9 * group by (${INSTANCE}) (${EXPORTER.stateSize.name})`,
    comment: 'Bytes of state; keep well below the size of the volume.',
  },
  memory: instance(
    'exporter_resident_memory_bytes',
    '400e6',
    "Bytes of resident memory: three quarters of the 512 MiB that the container is given. Keep it below your container's limit.",
  ),
  snapshotAge: {
    record: 'instance:llamacloud_exporter_snapshot_age_seconds:threshold',
    expr: `clamp_min(5 * scalar(max(${EXPORTER.pollInterval.name}{kind="head"})) * ${INSTANCES}, 600)`,
    comment: 'Age of what /metrics shows: five polls, and never less than 10 minutes.',
  },
} as const satisfies Record<string, RecordingRule>;
