import type { AlertCase, SilentCase } from '../case.ts';
import { flat, gone, leaves, PROJECT_LABELS, project, ramp, seq } from '../series.ts';

/** One event a minute after minute 10: more than ten at minute 21, 26 of them at minute 36. */
const events = (by: number): string => seq(flat(0, 11), ramp(by, by, 60));

/** What must not matter for any counter of events. */
const harmless = (series: string, by: number): readonly SilentCase[] => [
  { name: 'as many as allowed', series: { [series]: seq(flat(0, 11), ramp(by, by, 10), flat(10 * by, 100)) } },
  { name: 'a restart sets the counter to 0', series: { [series]: seq(flat(100 * by, 20), gone(2), flat(0, 60)) } },
  {
    name: 'the project leaves',
    series: { [series]: seq(flat(0, 11), ramp(by, by, 20), 'stale'), ...leaves(31) },
  },
];

const common = { step: 1, since: 21, for: 15, labels: PROJECT_LABELS } as const;
const MISSES = project('llamacloud_exporter_head_poll_misses_total');
const INVALID = project('llamacloud_exporter_invalid_sessions_total', { reason: 'last_updated_at' });
const STALE = project('llamacloud_exporter_stale_reads_total');
const UNRECONCILED = project('llamacloud_exporter_unreconciled_runs_total');

export const READ_CASES: readonly AlertCase[] = [
  {
    ...common,
    alert: 'LlamaCloudHeadPollMisses',
    series: { [MISSES]: events(1) },
    severity: 'info',
    summary: 'Head polls of project support miss changes',
    description:
      'Full sweeps found 26 changes in 2 hours that head polls of project support had not seen: runs are counted late.',
    silent: harmless(MISSES, 1),
  },
  {
    ...common,
    alert: 'LlamaCloudMalformedSessions',
    series: { [INVALID]: events(1) },
    severity: 'warning',
    summary: 'LlamaCloud shows malformed sessions in project support',
    description: '26 items of the session list of project support were dropped in an hour: their runs are not counted.',
    silent: harmless(INVALID, 1),
  },
  {
    ...common,
    alert: 'LlamaCloudStaleReads',
    series: { [STALE]: events(10) },
    severity: 'info',
    summary: 'LlamaCloud shows old states of sessions in project support',
    description:
      '260 reads in an hour showed an older state than known in project support. They are ignored; nothing is counted twice.',
    silent: harmless(STALE, 10),
  },
  {
    ...common,
    alert: 'LlamaCloudUnreconciledRuns',
    series: { [UNRECONCILED]: events(1) },
    severity: 'info',
    summary: 'Event histories in project support do not fit what was counted',
    description: '26 histories in 6 hours did not fit in project support: of each only the newest run was counted.',
    silent: harmless(UNRECONCILED, 1),
  },
];
