/** Faults of histories, over HTTP: everything else is counted while they last, and what they hid once they are over. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { RuleInput } from '../../src/simulator/faults/switchboard.ts';
import { failed, succeeded } from '../../src/simulator/world/runs.ts';
import { Scene } from './scene.ts';

type Fault = RuleInput['fault'];

/** Histories are asked for once, so a slow machine must not look like a fault. */
const PATIENT = { requestTimeoutMs: 1000 };

/** What a history fails with while the fault lasts. */
const FAULTS: readonly (readonly [name: string, fault: Fault])[] = [
  ['401', { kind: 'status', status: 401 }],
  ['403', { kind: 'status', status: 403 }],
  ['404', { kind: 'status', status: 404 }],
  ['429', { kind: 'rate_limited' }],
  ['500', { kind: 'status', status: 500 }],
  ['a hang before the headers', { kind: 'hang', where: 'headers' }],
  ['a hang in the body', { kind: 'hang', where: 'body' }],
  ['a reset', { kind: 'reset', after_bytes: 20 }],
  ['a body cut off', { kind: 'truncate', framing: 'broken' }],
  ['a body that ends early', { kind: 'truncate', framing: 'valid' }],
  ['HTML', { kind: 'html', status: 502 }],
];

/** Each session ran twice since it was last polled, so that one run of each is hidden. */
async function hidden(scene: Scene): Promise<void> {
  scene.runEach();
  scene.runEach();
  expect(await scene.poll()).toBe(null);
}

/** The session among them whose histories fail. */
const FIRST = 0;
const unverified = (scene: Scene): Promise<number> => scene.sum('llamacloud_exporter_unverified_sessions');

/** Warnings and errors, but that of a new state. */
function warned(scene: Scene): readonly string[] {
  const { logger } = scene.exporter;
  const lines = [...logger.at('warn'), ...logger.at('error')].map(({ message, fields }) =>
    JSON.stringify([message, fields]),
  );
  return lines.filter((line) => !line.includes('Created a new state'));
}

describe('one history that fails among healthy ones', () => {
  it.each(FAULTS)('by %s keeps back its own hidden run alone', async (_, fault) => {
    const scene = await Scene.start('Support', PATIENT);
    await hidden(scene);
    await scene.verify();
    const session = scene.sessions[FIRST]?.id ?? '';
    scene.fault(fault, { endpoint: 'session', session });
    await hidden(scene);
    await scene.verify();
    expect((await scene.counted()).runs).toBe(scene.happened().runs - 1);
    expect(await unverified(scene)).toBe(1);
    expect(await scene.poll()).toBe(null);
    scene.simulator.faults.clear();
    await scene.verify(3600);
    expect(await scene.counted()).toEqual(scene.happened());
    expect(await unverified(scene)).toBe(0);
    expect(await scene.sum('llamacloud_exporter_unreconciled_runs_total')).toBe(0);
  });

  it('is said once, without the session', async () => {
    const scene = await Scene.start('Support', PATIENT);
    scene.fault({ kind: 'status', status: 403 }, { endpoint: 'session' });
    for (let i = 0; i < 3; i++) {
      await hidden(scene);
      await scene.verify(600);
    }
    const warnings = warned(scene);
    expect(warnings).toEqual([expect.stringContaining('Reading histories')]);
    expect(scene.sessions.some(({ id }) => warnings.join().includes(id))).toBe(false);
  });
});

describe('forms of one run', () => {
  it('that differ by less than a millisecond are one run, after each of 100 touches', async () => {
    const scene = await Scene.start('Support', { ...PATIENT, sessions: 1 });
    const session = scene.sessions[0]?.id ?? '';
    scene.fault({ kind: 'figures', add_ms: 0.4 }, { endpoint: 'session' });
    for (let i = 1; i <= 100; i++) {
      scene.world.runOnce(session, succeeded(1500, i, 1, 1));
      await scene.poll();
      scene.world.touch(session);
      await scene.poll();
    }
    await scene.verify();
    expect(await scene.counted()).toEqual(scene.happened());
    expect(scene.happened().runs).toBe(100);
  });

  it('of an odd stop in each of 30 sessions are exact, with no more than one warning', async () => {
    const scene = await Scene.start('Support', { ...PATIENT, sessions: 30, pageSize: 50 });
    scene.fault({ kind: 'odd_stops', form: 'null_usage', places: [0] }, { endpoint: 'session' });
    for (let i = 0; i < 3; i++) {
      await hidden(scene);
      await scene.verify();
    }
    expect(await scene.counted()).toEqual(scene.happened());
    expect(await unverified(scene)).toBe(0);
    expect(warned(scene).length).toBeLessThanOrEqual(1);
  });
});

describe('what users wrote', () => {
  it('is neither stored nor logged nor shown', async () => {
    const scene = await Scene.start('Support', PATIENT);
    for (const { id } of scene.sessions) {
      scene.world.runOnce(id, failed(succeeded(1500, 1, 1, 1), 'cancelled', 'the secret is swordfish'));
    }
    await hidden(scene);
    await scene.verify();
    expect(await scene.counted()).toMatchObject({ runs: scene.happened().runs });
    const shown = [await scene.scrape(), JSON.stringify(scene.exporter.logger.lines)];
    await scene.close();
    const written = [scene.exporter.file].map((file) => readFileSync(file, 'latin1'));
    expect([...shown, ...written].filter((text) => /swordfish|revenue|quoted/.test(text))).toEqual([]);
  });
});
