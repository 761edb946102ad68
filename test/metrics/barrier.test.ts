/** A scrape of a shared state shows every commit that came before it, or is refused. */
import { expect, test } from 'vitest';
import { ExporterError } from '../../src/domain/errors.ts';
import type { ProjectView } from '../../src/domain/view.ts';
import type { SharedState } from '../../src/metrics/metrics.ts';
import { PublishLoop } from '../../src/metrics/snapshot/publish-loop.ts';
import { SnapshotBuilder } from '../../src/metrics/snapshot/snapshot-builder.ts';
import { counters, NOW, RULES, totals, view } from '../builders/values.ts';
import { RecordingLogger } from '../fakes/recording-logger.ts';
import { SteppingClock, settle } from '../fakes/stepping-clock.ts';
import { type Room, read, room, samples } from './room.ts';

const withRuns = (runs: number): ProjectView => view({ totals: totals({ counters: counters({ runs }) }) });
const AWAY = new ExporterError('state', 'The database does not answer.', 'Start it.');

type Shared = Room & {
  /** Puts what a refresh brings; replaced by tests. */
  refresh: () => Promise<void>;
  refreshes: number;
};

/** A room over a shared state, which publishes by itself. */
function sharedRoom(): Shared {
  const state: SharedState = {
    fresh: () => {
      made.refreshes += 1;
      return made.refresh();
    },
    facts: () => null,
  };
  const made: Shared = { ...room(RULES, false, state), refresh: async () => undefined, refreshes: 0 };
  return made;
}

const runsOf = (text: string): string | undefined => samples(text, 'llamacloud_chat_runs_total')[0]?.split(' ').at(-1);

test.each(['projects', 'both'] as const)('a scrape of %s shows what its refresh brought', async (part) => {
  const metrics = sharedRoom();
  let runs = 0;
  metrics.refresh = async () => metrics.publisher.put(withRuns(++runs));
  metrics.start();
  for (const wanted of ['1', '2', '3']) expect(runsOf(await read(metrics, 'text', part))).toBe(wanted);
  await metrics.stop();
});

test('a scrape waits for its refresh', async () => {
  const metrics = sharedRoom();
  metrics.publisher.put(withRuns(1));
  await read(metrics);
  const refresh = Promise.withResolvers<void>();
  metrics.refresh = () => refresh.promise;
  let answer: string | null = null;
  const scrape = read(metrics).then((text) => (answer = text));
  await settle();
  expect(answer).toBeNull();
  metrics.publisher.put(withRuns(2));
  refresh.resolve();
  expect(runsOf(await scrape)).toBe('2');
});

test('the exporter part waits for nothing', async () => {
  const metrics = sharedRoom();
  metrics.refresh = () => new Promise(() => undefined);
  expect(await read(metrics, 'text', 'exporter')).toContain('llamacloud_exporter_build_info');
  expect(metrics.refreshes).toBe(0);
});

test('a state that cannot be refreshed refuses projects until it can', async () => {
  const metrics = sharedRoom();
  metrics.refresh = async () => metrics.publisher.put(withRuns(1));
  await read(metrics);
  expect(metrics.source.ready()).toBe(true);
  metrics.refresh = () => Promise.reject(AWAY);
  await expect(metrics.source.gzip('projects', 'text')).rejects.toBe(AWAY);
  await expect(metrics.source.identity('both', 'openmetrics')).rejects.toBe(AWAY);
  expect(metrics.source.ready()).toBe(false);
  expect(await read(metrics, 'text', 'exporter')).toContain('llamacloud_exporter_build_info');
  expect(await metrics.source.check()).toBe(AWAY);
  metrics.refresh = async () => metrics.publisher.put(withRuns(2));
  expect(await metrics.source.check()).toBeNull();
  expect(metrics.source.ready()).toBe(true);
});

test('a check publishes what the state knows', async () => {
  const metrics = sharedRoom();
  metrics.refresh = async () => metrics.publisher.put(withRuns(1));
  expect(metrics.source.ready()).toBe(false);
  await metrics.source.check();
  expect(metrics.source.ready()).toBe(true);
});

test('a state of one process is always fresh', async () => {
  const metrics = room();
  expect(await metrics.source.check()).toBeNull();
  expect(metrics.source.ready()).toBe(false);
});

test('what could not be rendered is not answered by what was before', async () => {
  const metrics = sharedRoom();
  metrics.publisher.put(withRuns(1));
  await read(metrics);
  metrics.publisher.put({ ...withRuns(2), polls: null as unknown as ProjectView['polls'] });
  await expect(read(metrics)).rejects.toThrow(TypeError);
  await expect(read(metrics)).rejects.toThrow(TypeError);
  metrics.publisher.put(withRuns(3));
  expect(runsOf(await read(metrics))).toBe('3');
});

test('once shows what the state knows', async () => {
  const metrics = sharedRoom();
  metrics.refresh = async () => metrics.publisher.put(withRuns(7));
  expect(runsOf(await metrics.renderOnce())).toBe('7');
});

/** A publication whose end the test sees. */
function publication() {
  const clock = new SteppingClock(NOW);
  const builder = new SnapshotBuilder(RULES);
  builder.open('text');
  let published = 0;
  const made = new PublishLoop(builder, clock, new RecordingLogger(), () => void published++);
  return { builder, publication: made, published: () => published };
}

test('scrapes at once share one publication', async () => {
  const { builder, publication: made, published } = publication();
  builder.put(withRuns(1));
  await Promise.all([made.caughtUp(), made.caughtUp(), made.caughtUp()]);
  expect(published()).toBe(1);
  await made.caughtUp();
  expect(published()).toBe(1);
});

test('a publication under way is waited for', async () => {
  const { builder, publication: made, published } = publication();
  builder.put(withRuns(1));
  const first = made.now(null);
  await Promise.resolve();
  expect(builder.isWaiting).toBe(false);
  await made.caughtUp();
  expect(published()).toBe(1);
  await first;
});
