/** When a changed project reaches the scrape: at once if idle, then at most as often as rendering can afford. */
import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { ProjectView } from '../../src/domain/view.ts';
import { PublishLoop } from '../../src/metrics/snapshot/publish-loop.ts';
import { SnapshotBuilder } from '../../src/metrics/snapshot/snapshot-builder.ts';
import { counters, gauges, NOW, project, RULES, totals, view } from '../builders/values.ts';
import { RecordingLogger } from '../fakes/recording-logger.ts';
import { SteppingClock, settle } from '../fakes/stepping-clock.ts';
import { read, room, samples, startedRoom } from './room.ts';

const withRuns = (runs: number, changes: Partial<ProjectView> = {}): ProjectView =>
  view({ totals: totals({ counters: counters({ runs }), gauges: gauges({ ok: runs }) }), ...changes });

/** A view that takes `ms` milliseconds each time a family reads how its polls go. */
function slow(clock: SteppingClock, shown: ProjectView, ms: number): ProjectView {
  return Object.defineProperty({ ...shown }, 'polls', {
    get: () => {
      clock.spend(ms);
      return shown.polls;
    },
  });
}

const P = '{project_id="p1",project="Support"}';

test('a put is published at once when idle', async () => {
  const metrics = startedRoom();
  await metrics.source.gzip('both', 'text');
  await metrics.clock.advance(5000);
  metrics.publisher.put(withRuns(3));
  await settle();
  expect(samples(await read(metrics), 'llamacloud_chat_runs_total')).toEqual([`llamacloud_chat_runs_total${P} 3`]);
});

test('quick publications are a moment apart', async () => {
  const metrics = startedRoom();
  metrics.publisher.put(withRuns(1));
  expect(samples(await read(metrics), 'llamacloud_chat_runs_total')).toEqual([`llamacloud_chat_runs_total${P} 1`]);
  metrics.publisher.put(withRuns(2));
  metrics.publisher.put(withRuns(3));
  await metrics.clock.advance(90);
  expect(samples(await read(metrics), 'llamacloud_chat_runs_total')).toEqual([`llamacloud_chat_runs_total${P} 1`]);
  await metrics.clock.advance(10);
  expect(samples(await read(metrics), 'llamacloud_chat_runs_total')).toEqual([`llamacloud_chat_runs_total${P} 3`]);
});

test.each([
  { steps: 'short', ms: 1, rests: (work: number) => 9 * work },
  { steps: 'longer', ms: 5, rests: () => 1000 },
  { steps: 'slow', ms: 100, rests: (work: number) => 3 * work },
])('$steps work is followed by its rest', async ({ ms, rests }) => {
  const clock = new SteppingClock(NOW);
  const builder = new SnapshotBuilder(RULES);
  const ends: number[] = [];
  const publication = new PublishLoop(builder, clock, new RecordingLogger(), () => void ends.push(clock.elapsed()));
  builder.open('text');
  const stop = new AbortController();
  const running = publication.run(stop.signal);
  const start = clock.elapsed();
  builder.put(slow(clock, withRuns(1), ms));
  publication.want();
  await settle();
  const [end = 0] = ends;
  builder.put(withRuns(2));
  publication.want();
  while (ends.length < 2) await clock.advance(10);
  const work = end - start;
  const later = (ends[1] as number) - end;
  expect(later).toBeGreaterThanOrEqual(rests(work));
  // The second publication works too, on the same slow view that it replaces.
  expect(later).toBeLessThan(rests(work) + 1.25 * work);
  stop.abort();
  await running;
});

test('a view that arrives while rendering waits', async () => {
  const metrics = room();
  metrics.publisher.put(slow(metrics.clock, withRuns(1), 5));
  const opening = metrics.source.gzip('both', 'openmetrics');
  for (let turn = 0; turn < 3; turn++) await setImmediate();
  metrics.publisher.put(withRuns(2));
  await opening;
  const before = await read(metrics, 'openmetrics');
  expect(samples(before, 'llamacloud_chat_sessions').map((line) => line.split(' ')[1])).toEqual(['1', '0', '0']);
  expect(samples(before, 'llamacloud_chat_runs_total')).toEqual([`llamacloud_chat_runs_total${P} 1`]);
  metrics.start();
  await metrics.clock.advance(2000);
  expect(samples(await read(metrics), 'llamacloud_chat_runs_total')).toEqual([`llamacloud_chat_runs_total${P} 2`]);
  await metrics.stop();
});

test('families of a project always agree', async () => {
  const metrics = startedRoom();
  await metrics.source.gzip('both', 'text');
  for (let runs = 1; runs < 40; runs++) {
    metrics.publisher.put(slow(metrics.clock, withRuns(runs), runs % 3));
    await metrics.clock.advance(runs * 7);
    const text = await read(metrics);
    const [counted = ''] = samples(text, 'llamacloud_chat_runs_total');
    const [ok = ''] = samples(text, 'llamacloud_chat_sessions');
    expect(ok.split(' ')[1]).toBe(counted.split(' ')[1]);
  }
});

test('the tick withdraws gauges that went stale', async () => {
  const metrics = startedRoom();
  metrics.publisher.put(withRuns(4, { freshUntil: NOW + 10_000_000 }));
  expect(samples(await read(metrics), 'llamacloud_chat_sessions')).toHaveLength(3);
  await metrics.clock.advance(9000);
  expect(samples(await read(metrics), 'llamacloud_chat_sessions')).toHaveLength(3);
  await metrics.clock.advance(2000);
  const stale = await read(metrics);
  expect(samples(stale, 'llamacloud_chat_sessions')).toEqual([]);
  expect(samples(stale, 'llamacloud_chat_runs_total')).toHaveLength(1);
  expect(samples(stale, 'llamacloud_project_info')).toHaveLength(1);
  metrics.publisher.put(withRuns(5, { freshUntil: NOW + 100_000_000 }));
  await metrics.clock.advance(2000);
  expect(samples(await read(metrics), 'llamacloud_chat_sessions')).toHaveLength(3);
});

test('dropping withdraws every series', async () => {
  const metrics = startedRoom();
  metrics.publisher.put(withRuns(1));
  metrics.publisher.put(withRuns(2, { project: project({ id: 'p2', name: 'Sales' }) }));
  await read(metrics);
  metrics.publisher.drop('p1');
  metrics.publisher.drop('never-there');
  await metrics.clock.advance(2000);
  const text = await read(metrics);
  expect(text).not.toContain('"p1"');
  expect(samples(text, 'llamacloud_chat_runs_total')).toHaveLength(1);
});

test('a rename changes every series', async () => {
  const metrics = startedRoom();
  metrics.publisher.put(withRuns(1));
  await read(metrics);
  metrics.publisher.put(withRuns(1, { project: project({ name: 'Help desk' }) }));
  await metrics.clock.advance(2000);
  const text = await read(metrics);
  expect(text).not.toContain('"Support"');
  expect(text).toContain('llamacloud_chat_runs_total{project_id="p1",project="Help desk"} 1');
});

test('new rules show every project anew', async () => {
  const metrics = startedRoom();
  metrics.publisher.put(withRuns(1));
  await read(metrics);
  metrics.setRules({ ...RULES, errorClasses: [{ class: 'quota', pattern: /quota/ }] });
  await metrics.clock.advance(2000);
  expect(samples(await read(metrics), 'llamacloud_chat_run_errors_total')).toEqual(
    ['quota', 'other', 'unknown'].map(
      (name) => `llamacloud_chat_run_errors_total{project_id="p1",project="Support",class="${name}"} 0`,
    ),
  );
});

test('a failed rendering keeps the last one', async () => {
  const metrics = startedRoom();
  metrics.publisher.put(withRuns(1));
  await read(metrics);
  const broken = withRuns(2, { polls: null as unknown as ProjectView['polls'] });
  metrics.publisher.put(broken);
  await metrics.clock.advance(2000);
  expect(samples(await read(metrics), 'llamacloud_chat_runs_total')).toEqual([`llamacloud_chat_runs_total${P} 1`]);
  expect(metrics.log.lines.map((line) => line.level)).toEqual(['error']);
  metrics.publisher.put(withRuns(3));
  await metrics.clock.advance(2000);
  expect(samples(await read(metrics), 'llamacloud_chat_runs_total')).toEqual([`llamacloud_chat_runs_total${P} 3`]);
});
