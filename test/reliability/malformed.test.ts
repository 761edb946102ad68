/** Malformed sessions that never go away, over HTTP: they affect only themselves (docs/accounting.md, L4 and L7). */
import { describe, expect, it } from 'vitest';
import { succeeded } from '../../src/simulator/world/runs.ts';
import { Scene } from './scene.ts';

const BAD = { job_metadata: { is_error: false, total_input_tokens: -1 } };
const PATIENT = { requestTimeoutMs: 2000 };

/** The list's last session, and its first. */
function ends(scene: Scene): { readonly oldest: string; readonly newest: string } {
  const { items } = scene.world.page(scene.project, null, 1000);
  return { oldest: items.at(-1)?.id ?? '', newest: items[0]?.id ?? '' };
}

const invalid = (scene: Scene): Promise<object> => scene.reasons('llamacloud_exporter_invalid_sessions_total');
const gauge = (scene: Scene): Promise<number> => scene.sum('llamacloud_chat_sessions');

describe('one malformed session alone on the last page', () => {
  it('leaves 15 runs of the newest, and gauges of the other 100', async () => {
    const scene = await Scene.start('Support', {
      ...PATIENT,
      sessions: 101,
      pageSize: 100,
      prepare: (s) => s.wire(ends(s).oldest, BAD),
    });
    expect(await invalid(scene)).toEqual({ job_metadata: 1 });
    const { newest } = ends(scene);
    for (let i = 1; i <= 15; i++) {
      scene.world.runOnce(newest, succeeded(1000 + i, i, 1, 1));
      expect(await scene.poll('due', 60)).toBe(null);
      expect((await scene.counted()).runs).toBe(i);
    }
    // Of the sweep at the start, and of the one that was due after it.
    expect(await invalid(scene)).toEqual({ job_metadata: 2 });
    expect(await gauge(scene)).toBe(100);
  });
});

describe('two malformed sessions of three', () => {
  it('leave each run of the third', async () => {
    const scene = await Scene.start('Support', {
      ...PATIENT,
      sessions: 3,
      prepare: (s) => {
        for (const { id } of s.sessions.slice(1)) s.wire(id, BAD);
      },
    });
    const third = scene.sessions[0]?.id ?? '';
    for (let i = 1; i <= 5; i++) {
      scene.world.runOnce(third, succeeded(1000 + i, i, 1, 1));
      expect(await scene.poll()).toBe(null);
      expect((await scene.counted()).runs).toBe(i);
    }
    expect(await gauge(scene)).toBe(1);
  });
});

describe('a page of which most is malformed', () => {
  it('fails at ten items, with its good ones counted', async () => {
    const scene = await Scene.start('Support', { ...PATIENT, sessions: 10, pageSize: 10 });
    scene.runEach();
    for (const { id } of scene.sessions.slice(4)) scene.wire(id, BAD);
    expect(await scene.poll()).toBe('malformed');
    expect((await scene.counted()).runs).toBe(4);
  });

  it('does not fail at nine', async () => {
    const scene = await Scene.start('Support', { ...PATIENT, sessions: 9, pageSize: 10 });
    scene.runEach();
    for (const { id } of scene.sessions.slice(1)) scene.wire(id, BAD);
    expect(await scene.poll()).toBe(null);
    expect((await scene.counted()).runs).toBe(1);
  });
});

describe('a page whose next token cannot be read', () => {
  const UNREADABLE = { kind: 'set', path: 'next_page_token', value: 5 } as const;

  it('fails, with its runs counted and nothing taken for deleted', async () => {
    const scene = await Scene.start('Support', { ...PATIENT, sessions: 7, pageSize: 3 });
    scene.runEach();
    scene.simulator.faults.add({ match: { endpoint: 'list' }, fault: UNREADABLE });
    for (let i = 0; i < 3; i++) expect(await scene.poll('full', 3600)).toBe('malformed');
    expect((await scene.counted()).runs).toBe(3);
    expect(await gauge(scene)).toBe(7);
  });

  it('is read past as soon as it can be', async () => {
    const scene = await Scene.start('Support', { ...PATIENT, sessions: 7, pageSize: 3 });
    scene.runEach();
    scene.simulator.faults.add({ match: { endpoint: 'list', times: 1 }, fault: UNREADABLE });
    expect(await scene.poll('due', 60)).toBe('malformed');
    expect(await scene.poll('due', 60)).toBe(null);
    expect(await scene.counted()).toEqual(scene.happened());
  });
});

describe('an optional field in an odd form', () => {
  it.each([[['']], [[null]], ['idx'], [{}], [7], [[['deep'], 'idx']]].map(([form]) => [JSON.stringify(form), form]))(
    'index_ids of %s cost no run',
    async (_, index_ids) => {
      const scene = await Scene.start('Support', PATIENT);
      scene.runEach();
      for (const { id } of scene.sessions) scene.wire(id, { index_ids });
      expect(await scene.poll()).toBe(null);
      expect(await scene.counted()).toEqual(scene.happened());
      expect(await invalid(scene)).toEqual({});
    },
  );

  it('a title or an unknown field costs no run', async () => {
    const scene = await Scene.start('Support', PATIENT);
    scene.runEach();
    for (const { id } of scene.sessions) scene.wire(id, { generated_title: 7, events: null, created_by: ['nobody'] });
    expect(await scene.poll()).toBe(null);
    expect(await scene.counted()).toEqual(scene.happened());
  });
});
