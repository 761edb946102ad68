/** Sessions in odd forms and odd places of the list, over HTTP. */
import { describe, expect, it } from 'vitest';
import { isoMicros } from '../../src/simulator/world/clock.ts';
import { Scene } from './scene.ts';

/** Values that no figure can have, as raw JSON. */
const BAD_FIGURES = ['1e300', '-1', '1.5', '"NaN"', '"12"', 'true', '[]', '{}', '999999999999999999999999'];

describe('one malformed session', () => {
  it.each(BAD_FIGURES)('with tokens of %s is dropped and counted, the others are not', async (raw) => {
    const scene = await Scene.start();
    scene.runEach();
    scene.fault(
      { kind: 'set_raw', path: 'items.0.job_metadata.total_input_tokens', raw },
      { endpoint: 'list', times: 1 },
    );
    expect(await scene.poll()).toBe(null);
    const dropped = [...(await scene.series('llamacloud_exporter_invalid_sessions_total'))].filter(([, n]) => n > 0);
    expect(dropped).toEqual([[expect.stringContaining('reason="job_metadata"'), 1]]);
    expect(await scene.poll()).toBe(null);
    expect(await scene.counted()).toEqual(scene.happened());
  });
});

describe('a time', () => {
  const legal: readonly ((iso: string) => string)[] = [
    (iso) => iso,
    (iso) => `${iso}Z`,
    (iso) => `${iso}+00:00`,
    (iso) => `${iso}000`,
    (iso) => iso.slice(0, 19),
    (iso) => `${iso.slice(0, 23)}Z`,
    (iso) => `${isoMicros(Date.parse(`${iso}Z`) * 1000 + 7_200_000_000)}+02:00`,
  ];
  it.each(legal.map((form) => [form('2026-06-01T14:00:00.123456'), form] as const))(
    'written as %s is read',
    async (_, form) => {
      const scene = await Scene.start();
      scene.runEach();
      for (const { id } of scene.sessions) rewrite(scene, id, form);
      expect(await scene.poll()).toBe(null);
      expect((await scene.counted()).runs).toBe(scene.happened().runs);
      expect(await scene.sum('llamacloud_exporter_invalid_sessions_total')).toBe(0);
    },
  );

  it.each([
    '',
    'now',
    '2026-06-01',
    '2026-02-30T00:00:00',
    '2026-06-01T24:30:00',
    '1780000000',
    '2026-06-01T12:00:00+25:00',
  ])('written as %j is dropped and counted', async (text) => {
    const scene = await Scene.start();
    scene.runEach();
    const [first, ...others] = scene.sessions;
    rewrite(scene, first?.id ?? '', () => text);
    expect(await scene.poll()).toBe(null);
    expect((await scene.counted()).runs).toBe(others.length);
    expect(await scene.sum('llamacloud_exporter_invalid_sessions_total')).toBeGreaterThan(0);
    scene.world.setWire(first?.id ?? '', null);
    await scene.poll();
    expect(await scene.counted()).toEqual(scene.happened());
  });
});

describe('sessions that move between pages', () => {
  it('are counted once each', async () => {
    // Histories are asked for once: a slow machine must not look like a fault.
    const scene = await Scene.start('Support', { requestTimeoutMs: 2000 });
    scene.runEach();
    for (const { id } of scene.sessions) {
      const command = { op: 'run', session: id, figures: { total_input_tokens: 5000, duration_ms: 5 } };
      const match = { endpoint: 'list', token: true, times: 1 } as const;
      scene.simulator.faults.add({ match, fault: { kind: 'world', commands: [command] } });
    }
    expect(await scene.poll()).toBe(null);
    scene.simulator.faults.clear();
    await scene.poll();
    expect((await scene.counted()).runs).toBeLessThanOrEqual(scene.happened().runs);
    await scene.verify();
    expect(await scene.counted()).toEqual(scene.happened());
  });
});

/** Shows the session with its time in another form. */
function rewrite(scene: Scene, id: string, form: (iso: string) => string): void {
  const { updatedAt, metadata } = scene.world.session(id).current ?? { updatedAt: 0, metadata: null };
  const time = form(isoMicros(updatedAt));
  scene.world.setWire(id, JSON.stringify({ session_id: id, last_updated_at: time, job_metadata: metadata }));
}
