/** The gauges of sessions: shown when known and fresh, absent otherwise. */
import { describe, expect, test } from 'vitest';
import type { ProjectView } from '../../src/domain/view.ts';
import { type Metric, SESSIONS } from '../../src/metrics/catalog.ts';
import { gauges, project, RULES, totals, view } from '../builders/values.ts';
import { samplesOf } from './exposition.ts';

const state = (changes: Parameters<typeof gauges>[0]) => view({ totals: totals({ gauges: gauges(changes) }) });

/** A view in which every gauge has a value. */
const full: ProjectView = {
  ...state({
    ok: 3,
    error: 1,
    neverRun: 2,
    inputTokens: 400,
    outputTokens: 50,
    turns: 9,
    durationUs: 5_000_001,
    durationCount: 4,
    longest: { no: 1, value: 2_345_678 },
    newest: { no: 2, value: 1_767_225_599_000_001 },
  }),
  activity: { m5: 1, h1: 2, h24: 3 },
  indexes: [
    ['idx-1', 4],
    ['other', 2],
  ],
};

const EXPECTED: readonly (readonly [Metric, readonly string[]])[] = [
  [
    SESSIONS.sessions,
    [
      'llamacloud_chat_sessions{P,state="ok"} 3',
      'llamacloud_chat_sessions{P,state="error"} 1',
      'llamacloud_chat_sessions{P,state="never_run"} 2',
    ],
  ],
  [
    SESSIONS.active,
    [
      'llamacloud_chat_sessions_active{P,window="5m"} 1',
      'llamacloud_chat_sessions_active{P,window="1h"} 2',
      'llamacloud_chat_sessions_active{P,window="24h"} 3',
    ],
  ],
  [SESSIONS.errorRatio, ['llamacloud_chat_sessions_error_ratio{P} 0.25']],
  [SESSIONS.lastRunInputTokens, ['llamacloud_chat_last_run_input_tokens{P} 400']],
  [SESSIONS.lastRunOutputTokens, ['llamacloud_chat_last_run_output_tokens{P} 50']],
  [SESSIONS.lastRunTurns, ['llamacloud_chat_last_run_turns{P} 9']],
  [SESSIONS.lastRunDurationAvg, ['llamacloud_chat_last_run_duration_avg_seconds{P} 1.25000025']],
  [SESSIONS.lastRunDurationMax, ['llamacloud_chat_last_run_duration_max_seconds{P} 2.345678']],
  [SESSIONS.lastActivity, ['llamacloud_chat_last_activity_timestamp_seconds{P} 1767225599.000001']],
  [
    SESSIONS.indexSessions,
    ['llamacloud_chat_index_sessions{P,index_id="idx-1"} 4', 'llamacloud_chat_index_sessions{P,index_id="other"} 2'],
  ],
];

describe.each(EXPECTED)('$name', (metric, expected) => {
  test('shows the state of the sessions', () => {
    expect(samplesOf(metric, full)).toEqual(expected);
  });

  test('is absent before the first sweep', () => {
    expect(samplesOf(metric, { ...full, totals: { ...full.totals, sweeps: 0 } })).toEqual([]);
  });

  test('is absent once the project is stale', () => {
    expect(samplesOf(metric, full, { fresh: false })).toEqual([]);
  });
});

test.each([SESSIONS.errorRatio, SESSIONS.lastRunDurationAvg, SESSIONS.lastRunDurationMax, SESSIONS.lastActivity])(
  '$name is absent without a run',
  (metric) => {
    expect(samplesOf(metric, state({ neverRun: 5 }))).toEqual([]);
  },
);

test('a lost extreme is absent until found', () => {
  const lost = state({ longest: 'lost', newest: 'lost' });
  expect(samplesOf(SESSIONS.lastRunDurationMax, lost)).toEqual([]);
  expect(samplesOf(SESSIONS.lastActivity, lost)).toEqual([]);
});

test('activity and indexes are absent while unknown', () => {
  expect(samplesOf(SESSIONS.active, view({ activity: null }))).toEqual([]);
  expect(samplesOf(SESSIONS.indexSessions, view({ indexes: null }))).toEqual([]);
});

test('two indexes of one name are one series', () => {
  const indexes = [
    ['other', 7],
    ['docs', 5],
    ['other', 3],
  ] as const;
  expect(samplesOf(SESSIONS.indexSessions, view({ indexes }))).toEqual([
    'llamacloud_chat_index_sessions{P,index_id="other"} 10',
    'llamacloud_chat_index_sessions{P,index_id="docs"} 5',
  ]);
});

test('an empty project shows zeros, not absence', () => {
  expect(samplesOf(SESSIONS.sessions, view())).toEqual([
    'llamacloud_chat_sessions{P,state="ok"} 0',
    'llamacloud_chat_sessions{P,state="error"} 0',
    'llamacloud_chat_sessions{P,state="never_run"} 0',
  ]);
});

test('project info names account and team', () => {
  const shown = view({
    project: project({ account: 'eu', organizationId: 'org "x"', isDefault: true }),
    freshUntil: null,
  });
  expect(samplesOf(SESSIONS.projectInfo, shown, { fresh: false })).toEqual([
    'llamacloud_project_info{P,account="eu",organization_id="org \\"x\\"",is_default="true",team=""} 1',
  ]);
  const teams = [
    { applies: ({ name }: { name: string }) => name === 'Support', team: 'help "desk"' },
    { applies: () => true, team: 'second' },
  ];
  expect(samplesOf(SESSIONS.projectInfo, shown, { rules: { ...RULES, teams } })[0]).toContain(
    ',team="help \\"desk\\""}',
  );
});
