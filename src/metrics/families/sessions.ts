/** Gauges of the sessions as they are now: absent until the first complete sweep, and once the project went stale. */
import type { Extreme, Gauges } from '../../domain/totals.ts';
import type { ProjectView } from '../../domain/view.ts';
import { type Metric, SESSIONS } from '../catalog.ts';
import type { Scale } from './decimal.ts';
import { addedUp, type Context, type Family, labelled, type Sample, single } from './sample.ts';

const visible = (view: ProjectView, context: Context): boolean => context.fresh && view.totals.sweeps > 0;

function whileVisible(metric: Metric, samples: (view: ProjectView) => readonly Sample[]): Family {
  return { metric, samples: (view, context) => (visible(view, context) ? samples(view) : []) };
}

function gauge(metric: Metric, value: (gauges: Gauges) => number | null, scale: Scale = 0): Family {
  return whileVisible(metric, (view) => {
    const found = value(view.totals.gauges);
    return found === null ? [] : [single(found, scale)];
  });
}

/** `lost` is unknown until a rescan has found the next holder: absent rather than wrong. */
const extreme = (of: Extreme): number | null => (of === null || of === 'lost' ? null : of.value);

const errorRatio = ({ ok, error }: Gauges): number | null => (ok + error === 0 ? null : error / (ok + error));

/** Seconds: one division of two exact integers, so the nearest number to the true mean. */
const meanDuration = ({ durationUs, durationCount }: Gauges): number | null =>
  durationCount === 0 ? null : durationUs / (durationCount * 1e6);

/** Always there: counters take the project's name, account and team from it. */
const projectInfo: Family = {
  metric: SESSIONS.projectInfo,
  samples: ({ project }, { ownership }) => [
    labelled(1, project.account, project.organizationId, `${project.isDefault}`, ownership.of(project).team),
  ],
};

export const SESSION_FAMILIES: readonly Family[] = [
  whileVisible(SESSIONS.sessions, ({ totals: { gauges } }) => [
    labelled(gauges.ok, 'ok'),
    labelled(gauges.error, 'error'),
    labelled(gauges.neverRun, 'never_run'),
  ]),
  whileVisible(SESSIONS.active, ({ activity }) =>
    activity === null ? [] : [labelled(activity.m5, '5m'), labelled(activity.h1, '1h'), labelled(activity.h24, '24h')],
  ),
  gauge(SESSIONS.errorRatio, errorRatio),
  gauge(SESSIONS.lastRunInputTokens, (gauges) => gauges.inputTokens),
  gauge(SESSIONS.lastRunOutputTokens, (gauges) => gauges.outputTokens),
  gauge(SESSIONS.lastRunTurns, (gauges) => gauges.turns),
  gauge(SESSIONS.lastRunDurationAvg, meanDuration),
  gauge(SESSIONS.lastRunDurationMax, (gauges) => extreme(gauges.longest), 6),
  gauge(SESSIONS.lastActivity, (gauges) => extreme(gauges.newest), 6),
  whileVisible(SESSIONS.indexSessions, ({ indexes }) => addedUp(indexes ?? [])),
  projectInfo,
];
