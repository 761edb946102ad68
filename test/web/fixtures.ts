/** Statuses to show, and a web server around fakes. */
import type { WebConfigSource } from '../../src/domain/serving.ts';
import type { Problem, ProjectStatus, Status } from '../../src/domain/status.ts';
import { LIMITS, type Limits } from '../../src/web/server/limits.ts';
import { createWeb, type Web, type WebSettings } from '../../src/web/web.ts';
import { FakeLifecycle, FakeSessions, FakeSnapshot, FakeStatus, FakeWebConfig } from '../fakes/fake-serving.ts';
import { RecordingLogger } from '../fakes/recording-logger.ts';

const NOW = '2026-05-04T12:00:00.000Z';

/** The last steps of an hour; nothing happened before. */
export function hourOf(runs: readonly number[], failed: readonly number[]): NonNullable<ProjectStatus['lastHour']> {
  const padded = (steps: readonly number[]) => [...Array.from({ length: 30 - steps.length }, () => 0), ...steps];
  const sum = (steps: readonly number[]) => steps.reduce((total, n) => total + n, 0);
  return { runs: sum(runs), failed: sum(failed), runsByStep: padded(runs), failedByStep: padded(failed) };
}

export function projectFixture(change: Partial<ProjectStatus> = {}): ProjectStatus {
  return {
    id: '11111111-0000-4000-8000-000000000000',
    name: 'Support agent',
    account: 'default',
    up: true,
    sessions: 1234,
    runs: 5678,
    failedRuns: 56,
    lastHour: hourOf([3, 0, 5, 8], [0, 0, 1, 0]),
    sessionsInError: 15,
    errorRatio: 0.0123,
    costUsd: 71.23,
    inputTokens: 12_345_678,
    outputTokens: 2_345_678,
    verification: { exactUpTo: '2026-05-04T11:59:48.000Z', waiting: 0, givenUp: 0, failing: [] },
    unreconciled: 0,
    lastSuccess: '2026-05-04T11:59:48.000Z',
    lastPoll: { kind: 'head', seconds: 0.234 },
    headPolling: true,
    sweep: null,
    ...change,
  };
}

/** Thirty numbers that look like chance. */
function stepsOf(seed: number, most: number): readonly number[] {
  return Array.from({ length: 30 }, (_, i) => ((seed + i) * (i + 7919)) % most);
}

/** `n` projects that differ in every figure, their order by name unlike that by any figure. */
export function manyProjects(n: number): readonly ProjectStatus[] {
  return Array.from({ length: n }, (_, i) => {
    const mixed = (i * 7919) % 1009;
    return projectFixture({
      id: `${String(i).padStart(8, '0')}-0000-4000-8000-000000000000`,
      name: `Project ${i + 1}`,
      up: i % 11 === 3 ? false : i % 17 === 5 ? null : true,
      sessions: i % 17 === 5 ? null : mixed * 13,
      runs: mixed * 31,
      failedRuns: mixed,
      lastHour: i % 3 === 1 ? null : hourOf(stepsOf(mixed, 97), i % 13 === 6 ? stepsOf(mixed, 23) : []),
      sessionsInError: i % 17 === 5 ? null : mixed % 100,
      errorRatio: i % 17 === 5 ? null : (mixed % 100) / 1000,
      costUsd: i % 7 === 3 ? null : mixed * 0.37,
      inputTokens: mixed * 1_234_567,
      outputTokens: mixed * 123_456,
      verification: {
        exactUpTo: i % 17 === 5 ? null : new Date(Date.parse(NOW) - mixed * 1000).toISOString(),
        waiting: mixed % 5,
        givenUp: mixed % 3,
        failing: [],
      },
      unreconciled: mixed % 7,
      sweep:
        i % 5 === 2
          ? { progress: (mixed % 100) / 100, pages: mixed, secondsLeft: mixed % 7 === 0 ? null : mixed }
          : null,
    });
  });
}

export function statusFixture(change: Partial<Status> = {}): Status {
  return {
    version: '0.1.0',
    revision: 'abc1234',
    startedAt: '2026-05-04T09:30:00.000Z',
    now: NOW,
    ready: true,
    accounting: 'every_run',
    state: {
      location: '/var/lib/llamacloud-exporter/state.db',
      createdAt: '2026-04-01T00:00:00.000Z',
      bytes: 3_456_789,
    },
    members: [],
    accounts: [
      {
        name: 'default',
        baseUrl: 'https://api.cloud.llamaindex.ai',
        discoveryUp: true,
        projects: 1,
        requestsPerSecond: 1 / 3,
        waitSeconds: null,
        fullSweepSeconds: 245,
      },
    ],
    projects: [projectFixture()],
    problems: [],
    ...change,
  };
}

/** A problem of the fourth of `manyProjects`. */
export const PROBLEM: Problem = {
  scope: 'project',
  subject: manyProjects(12)[3]?.id ?? '',
  code: 'server_error',
  message: 'GET "https://api.cloud.llamaindex.ai/api/v1/chat": 503 Service Unavailable',
  fix: 'Polling continues and recovers by itself.',
  firstAt: '2026-05-04T11:30:00.000Z',
  lastAt: '2026-05-04T11:59:40.000Z',
  count: 29,
  resolved: false,
};

/** A status with something of everything. */
export const BUSY = statusFixture({
  projects: manyProjects(12),
  problems: [PROBLEM, { ...PROBLEM, scope: 'config', subject: '', code: 'config', resolved: true }],
});

export type Served<W extends WebConfigSource = FakeWebConfig> = {
  readonly url: string;
  readonly web: Web;
  readonly snapshot: FakeSnapshot;
  readonly status: FakeStatus;
  readonly sessions: FakeSessions;
  readonly lifecycle: FakeLifecycle;
  readonly webConfig: W;
  readonly logger: RecordingLogger;
  [Symbol.asyncDispose](): Promise<void>;
};

/** A server on a free loopback port; closed at the end of the block that it is declared in by `await using`. */
export function serve(change?: Partial<WebSettings>): Promise<Served>;
export function serve<W extends WebConfigSource>(
  change: Partial<WebSettings>,
  webConfig: W,
  limits?: Partial<Limits>,
): Promise<Served<W>>;
export async function serve(
  change: Partial<WebSettings> = {},
  webConfig: WebConfigSource = new FakeWebConfig(),
  limits: Partial<Limits> = {},
): Promise<Served<WebConfigSource>> {
  const fakes = {
    snapshot: new FakeSnapshot(),
    status: new FakeStatus(statusFixture()),
    sessions: new FakeSessions(),
    lifecycle: new FakeLifecycle(),
    webConfig,
    logger: new RecordingLogger(),
  };
  const settings = {
    listenAddresses: [{ host: '127.0.0.1', port: 0 }],
    telemetryPath: '/metrics',
    routePrefix: '',
    maxRequests: 40,
    enableLifecycle: false,
    ...change,
  };
  const web = createWeb(settings, fakes, { ...LIMITS, ...limits });
  const [first] = await web.start();
  return { ...fakes, web, url: first?.url ?? '', [Symbol.asyncDispose]: () => web.stop() };
}
