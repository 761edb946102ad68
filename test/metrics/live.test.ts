/** The exporter's own metrics: what the observer reports is counted, and what is not known yet is absent. */
import { expect, test } from 'vitest';
import { ExporterError, POLL_ERROR_CODES } from '../../src/domain/errors.ts';
import { ENDPOINTS } from '../../src/domain/observer.ts';
import { NOW, totals, view } from '../builders/values.ts';
import { type Room, read, room, samples } from './room.ts';

const failure = new ExporterError('server_error', 'no answer', 'wait');

/** Samples of a family of the exporter after what `act` reported. */
async function after(act: (metrics: Room) => void, name: string): Promise<string[]> {
  const metrics = room();
  act(metrics);
  return samples(await read(metrics), `llamacloud_exporter_${name}`).map((line) =>
    line.replace('llamacloud_exporter_', ''),
  );
}

test('build info names version, revision, node', async () => {
  expect(await after(() => {}, 'build_info')).toEqual([
    'build_info{version="1.2.3",revision="abcdef",node_version="v26.0.0"} 1',
  ]);
});

const known = ({ observer }: Room): void => observer.accountKnown('main', 'http://x');

test('an account starts with zeros', async () => {
  expect(await after(known, 'pages_total')).toEqual(['pages_total{account="main"} 0']);
  expect(await after(known, 'sessions_seen_total')).toEqual(['sessions_seen_total{account="main"} 0']);
  expect(await after(known, 'history_bytes_total')).toEqual(['history_bytes_total{account="main"} 0']);
  expect(await after(known, 'api_retries_total')).toEqual(
    POLL_ERROR_CODES.map((reason) => `api_retries_total{account="main",reason="${reason}"} 0`),
  );
  expect(await after(known, 'api_requests_total')).toEqual(
    ENDPOINTS.flatMap((endpoint) =>
      ['200', 'error'].map((code) => `api_requests_total{account="main",endpoint="${endpoint}",code="${code}"} 0`),
    ),
  );
  expect(await after(known, 'api_request_duration_seconds_count')).toHaveLength(ENDPOINTS.length);
});

test('what is not known yet is absent', async () => {
  for (const name of [
    'discovery_up',
    'projects',
    'api_request_rate_limit',
    'state_size_bytes',
    'state_sessions',
    'state_created_timestamp_seconds',
    'poll_interval_seconds',
  ]) {
    expect(await after(({ observer }) => observer.accountKnown('main', 'http://x'), name)).toEqual([]);
  }
  expect(await after(() => {}, 'state_write_errors_total')).toEqual(['state_write_errors_total 0']);
});

const attempts = ({ observer }: Room): void => {
  observer.accountKnown('main', 'http://x');
  observer.requestEnded('main', 'sessions', 503, 0.2);
  observer.requestEnded('main', 'sessions', 503, 0.3);
  observer.requestEnded('main', 'sessions', 'error', 30);
  observer.requestRetried('main', 'server_error');
};

test('attempts are counted by code and timed', async () => {
  const requests = await after(attempts, 'api_requests_total');
  expect(requests).toContain('api_requests_total{account="main",endpoint="sessions",code="503"} 2');
  expect(requests).toContain('api_requests_total{account="main",endpoint="sessions",code="error"} 1');
  expect(await after(attempts, 'api_request_duration_seconds_sum')).toContain(
    'api_request_duration_seconds_sum{account="main",endpoint="sessions"} 30.5',
  );
  expect(await after(attempts, 'api_retries_total')).toContain(
    'api_retries_total{account="main",reason="server_error"} 1',
  );
});

const discovery = ({ observer }: Room): void => {
  observer.accountKnown('main', 'http://x');
  observer.pageRead('main', 'p1', 100);
  observer.pageRead('main', 'p2', 7);
  observer.discoverySucceeded('main', 4, NOW);
  observer.discoveryFailed('main', failure);
  observer.rateLimitChanged('main', Number.POSITIVE_INFINITY);
};

test('pages and discovery are shown by account', async () => {
  expect(await after(discovery, 'pages_total')).toEqual(['pages_total{account="main"} 2']);
  expect(await after(discovery, 'sessions_seen_total')).toEqual(['sessions_seen_total{account="main"} 107']);
  expect(await after(discovery, 'projects')).toEqual(['projects{account="main"} 4']);
  expect(await after(discovery, 'discovery_up')).toEqual(['discovery_up{account="main"} 0']);
  expect(await after(discovery, 'discovery_last_success_timestamp_seconds')).toEqual([
    'discovery_last_success_timestamp_seconds{account="main"} 1767225600',
  ]);
  expect(await after(discovery, 'api_request_rate_limit')).toEqual(['api_request_rate_limit{account="main"} +Inf']);
});

test('an account that is gone leaves nothing', async () => {
  const metrics = room();
  const { observer } = metrics;
  for (const account of ['gone', 'stays']) {
    observer.accountKnown(account, 'http://x');
    observer.requestEnded(account, 'project', 418, 1);
    observer.requestRetried(account, 'timeout');
    observer.rateLimitChanged(account, 2);
    observer.pageRead(account, 'p1', 1);
    observer.historyRead(account, 1);
    observer.discoverySucceeded(account, 1, NOW);
  }
  observer.accountGone('gone');
  const text = await read(metrics);
  expect(text).not.toContain('account="gone"');
  expect(text).toContain('llamacloud_exporter_api_requests_total{account="stays",endpoint="project",code="418"} 1');
});

const knownTwice = ({ observer }: Room): void => {
  observer.accountKnown('main', 'http://x');
  observer.requestEnded('main', 'sessions', 200, 1);
  observer.accountKnown('main', 'http://x');
};

test('a known account keeps its counts', async () => {
  expect(await after(knownTwice, 'api_request_duration_seconds_count')).toContain(
    'api_request_duration_seconds_count{account="main",endpoint="sessions"} 1',
  );
});

const measured = (metrics: Room): void => {
  metrics.observer.stateMeasured(4096, 10, 2);
  metrics.observer.stateWriteFailed(failure);
  metrics.observer.reloadEnded(failure, NOW + 5_000_000);
  metrics.setStateCreated(NOW - 1_000_000);
  metrics.setIntervals({ headSeconds: 60, fullSeconds: 1800 });
};

test('state, intervals and reloads are shown', async () => {
  expect(await after(measured, 'state_size_bytes')).toEqual(['state_size_bytes 4096']);
  expect(await after(measured, 'state_sessions')).toEqual([
    'state_sessions{state="live"} 10',
    'state_sessions{state="deleted"} 2',
  ]);
  expect(await after(measured, 'state_write_errors_total')).toEqual(['state_write_errors_total 1']);
  expect(await after(measured, 'state_created_timestamp_seconds')).toEqual([
    'state_created_timestamp_seconds 1767225599',
  ]);
  expect(await after(measured, 'poll_interval_seconds')).toEqual([
    'poll_interval_seconds{kind="head"} 60',
    'poll_interval_seconds{kind="full"} 1800',
  ]);
  expect(await after(measured, 'config_last_reload_successful')).toEqual(['config_last_reload_successful 0']);
  expect(await after(measured, 'config_last_reload_success_timestamp_seconds')).toEqual([
    'config_last_reload_success_timestamp_seconds 1767225600',
  ]);
});

test('sessions of a state are absent until some were read', async () => {
  const metrics = room();
  const shown = async () => samples(await read(metrics), 'llamacloud_exporter_state_sessions');
  const put = (sweeps: number) => metrics.publisher.put(view({ totals: totals({ sweeps }) }));
  put(0);
  metrics.observer.stateMeasured(4096, 0, 0);
  expect(await shown()).toEqual([]);
  put(1);
  expect(await shown()).toEqual([]);
  metrics.observer.stateMeasured(4096, 0, 0);
  expect(await shown()).toEqual([
    'llamacloud_exporter_state_sessions{state="live"} 0',
    'llamacloud_exporter_state_sessions{state="deleted"} 0',
  ]);
});

test('the exporter part is rendered once a second', async () => {
  const metrics = room();
  metrics.observer.pageRead('main', 'p1', 1);
  const pages = async (): Promise<string | undefined> =>
    samples(await read(metrics), 'llamacloud_exporter_pages_total')[0]?.split(' ')[1];
  expect(await pages()).toBe('1');
  metrics.observer.pageRead('main', 'p1', 1);
  await metrics.clock.advance(990);
  expect(await pages()).toBe('1');
  await metrics.clock.advance(10);
  expect(await pages()).toBe('2');
});

test('the snapshot measures itself', async () => {
  const metrics = room();
  metrics.publisher.put(view());
  const text = await read(metrics);
  const series = text.split('\n').filter((line) => line.includes('project_id=')).length;
  expect(samples(text, 'llamacloud_exporter_snapshot_series')).toEqual([
    `llamacloud_exporter_snapshot_series ${series}`,
  ]);
  expect(samples(text, 'llamacloud_exporter_snapshot_timestamp_seconds')).toEqual([
    'llamacloud_exporter_snapshot_timestamp_seconds 1767225600',
  ]);
  const [size = ''] = samples(text, 'llamacloud_exporter_snapshot_size_bytes');
  expect(Number(size.split(' ')[1])).toBeGreaterThan(500);
});

/** Samples without what differs between the formats by rule. */
const bare = (text: string): string[] =>
  text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#') && !line.includes('snapshot_'))
    .map((line) => line.replace(/le="(\d+)\.0"/, 'le="$1"'));

test('both formats show the same live values', async () => {
  const metrics = room(undefined, true);
  metrics.observer.accountKnown('main', 'http://x');
  await metrics.source.gzip('both', 'openmetrics');
  await metrics.source.gzip('both', 'text');
  await metrics.clock.advance(2000);
  expect(bare(await read(metrics, 'openmetrics'))).toEqual(bare(await read(metrics, 'text')));
});

test('nothing of process metrics is NaN or rejected', async () => {
  const text = await read(room(undefined, true));
  expect(text).toContain('process_cpu_seconds_total');
  expect(text).toContain('nodejs_heap_size_used_bytes');
  expect(text).not.toMatch(/nodejs_active_\w+_total/);
  expect(text).not.toMatch(/ nan$/im);
});
