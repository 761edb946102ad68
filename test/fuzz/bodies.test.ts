/** Answers of any kind, from the wire to the counters. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Scene } from '../reliability/scene.ts';
import { unhandledRejections } from './unhandled.ts';

const RUNS = { numRuns: 1500, seed: Number(process.env['FC_SEED'] ?? 20_261_123) };

const figure = fc.oneof(
  fc.integer(),
  fc.double(),
  fc.constantFrom(null, '', 'NaN', '1', true, -0, 1e308, Number.MAX_SAFE_INTEGER, [], {}),
  fc.string(),
);
const metadata = fc.record(
  {
    duration_ms: figure,
    is_error: figure,
    error: figure,
    total_input_tokens: figure,
    total_output_tokens: figure,
    turns: figure,
    ['__proto__']: fc.anything(),
  },
  { requiredKeys: [] },
);
const session = fc.record(
  {
    session_id: fc.oneof(fc.string(), fc.anything()),
    last_updated_at: fc.oneof(
      fc.constantFrom('2026-05-01T00:00:00', '2026-06-01T24:61:00', '0000-01-01T00:00:00Z', ''),
      fc.anything(),
    ),
    job_metadata: fc.oneof(metadata, fc.anything()),
    index_ids: fc.anything(),
  },
  { requiredKeys: [] },
);
const page = fc.record(
  {
    items: fc.oneof(fc.array(fc.oneof(session, fc.anything()), { maxLength: 6 }), fc.anything()),
    next_page_token: fc.oneof(fc.constant(null), fc.anything()),
  },
  { requiredKeys: [] },
);
const body = fc.oneof(
  page.map((value) => JSON.stringify(value) ?? ''),
  fc.json(),
  fc.string({ unit: 'binary' }),
  fc.tuple(fc.json(), fc.nat(40)).map(([text, cut]) => text.slice(0, -cut)),
);
const type = fc.oneof(
  { weight: 6, arbitrary: fc.constant('application/json') },
  {
    weight: 1,
    arbitrary: fc.constantFrom('text/html', 'application/problem+json', 'x', 'application/json; charset=utf-16'),
  },
);

describe('an answer', () => {
  const faults = unhandledRejections();

  /** All times in these bodies lie before the epoch: nothing of them may count, and nothing known may be counted again. */
  it('of any kind never counts what was not there', async () => {
    const scene = await Scene.start();
    scene.runEach();
    await scene.poll();
    const counted = await scene.counted();
    await fc.assert(
      fc.asyncProperty(
        body,
        type,
        fc.constantFrom(200, 200, 200, 200, 404, 500),
        async (text, content_type, status) => {
          scene.simulator.faults.clear();
          scene.fault({ kind: 'body', text, content_type, status }, { endpoint: 'list', times: 6 });
          await scene.exporter.poll(scene.project, 'full');
          expect(scene.exporter.polled()).toContain(scene.project);
        },
      ),
      RUNS,
    );
    expect(scene.exporter.fatal).toEqual([]);
    expect(await scene.counted()).toEqual(counted);
    scene.simulator.faults.clear();
    scene.runEach();
    expect(await scene.poll()).toBe(null);
    expect(await scene.counted()).toEqual(scene.happened());
    expect(faults).toEqual([]);
  }, 240_000);

  it('of any kind to discovery or for a history crashes nothing', async () => {
    const scene = await Scene.start();
    const projects = fc.oneof(
      body,
      fc
        .array(
          fc.record({ id: fc.anything(), name: fc.anything(), organization_id: fc.anything() }, { requiredKeys: [] }),
        )
        .map((value) => JSON.stringify(value)),
    );
    const before = scene.exporter.polled();
    await fc.assert(
      fc.asyncProperty(projects, fc.constantFrom('projects' as const, 'session' as const), async (text, endpoint) => {
        scene.simulator.faults.clear();
        scene.fault({ kind: 'body', text }, { endpoint });
        if (endpoint === 'projects') await scene.exporter.discover();
        else {
          scene.runEach();
          await scene.poll();
          await scene.verify();
        }
      }),
      { ...RUNS, numRuns: 300 },
    );
    expect(scene.exporter.fatal).toEqual([]);
    scene.simulator.faults.clear();
    await scene.exporter.discover();
    expect(scene.exporter.polled()).toEqual(expect.arrayContaining([...before]));
    scene.runEach();
    await scene.poll();
    for (let hours = 0; hours < 8; hours++) await scene.verify(3600);
    expect(await scene.counted()).toEqual(scene.happened());
    expect(faults).toEqual([]);
  }, 240_000);
});
