/** Projects with odd names and fates, over HTTP. */
import { describe, expect, it } from 'vitest';
import { Scene } from './scene.ts';

const NAMES = [
  'a "quoted" name',
  'two\nlines',
  'back\\slash',
  '🙂'.repeat(200),
  'x'.repeat(10_240),
  "it's, {so} = 5",
  '',
];

/** A label value as the text format escapes it, read back. */
const unescaped = (text: string): string =>
  text.replaceAll(/\\(.)/g, (_, char: string) => (char === 'n' ? '\n' : char));

describe('a project', () => {
  it.each(NAMES.map((name) => [name.slice(0, 20), name]))('named %j is counted and shown', async (_, name) => {
    const scene = await Scene.start(name);
    scene.runEach();
    expect(await scene.poll()).toBe(null);
    expect(await scene.counted()).toEqual(scene.happened());
    const [labels = ''] = [...(await scene.series('llamacloud_chat_runs_total')).keys()];
    const shown = unescaped(/,project="((?:[^"\\]|\\.)*)"$/.exec(labels)?.[1] ?? 'none');
    expect(Array.from(shown).length).toBeLessThanOrEqual(128);
    expect(name.startsWith(shown.replace(/…$/, ''))).toBe(true);
  });

  it('that vanishes half way keeps what was counted', async () => {
    const scene = await Scene.start();
    scene.runEach();
    scene.world.addProject({ name: 'Stays' });
    await scene.exporter.discover();
    const commands = [{ op: 'remove_project', project: scene.project }];
    scene.fault({ kind: 'world', commands }, { endpoint: 'list', token: true, times: 1 });
    expect(await scene.poll()).not.toBe(null);
    const before = await scene.counted();
    for (let i = 0; i < 2; i++) await scene.exporter.discover();
    expect(scene.exporter.polled()).not.toContain(scene.project);
    expect(await scene.series('llamacloud_chat_runs_total')).toHaveProperty('size', 1);
    scene.world.restoreProject(scene.project);
    await scene.exporter.discover();
    expect(await scene.counted()).toEqual(before);
    await scene.poll();
    expect(await scene.counted()).toEqual(scene.happened());
  });

  it('may share its name with another', async () => {
    const scene = await Scene.start('Twin');
    const { id } = scene.world.addProject({ name: 'Twin' });
    await scene.exporter.discover();
    scene.runEach();
    await scene.poll();
    await scene.exporter.poll(id, 'full');
    expect(await scene.counted()).toEqual(scene.happened());
    expect(await scene.sum('llamacloud_chat_runs_total', id)).toBe(0);
    expect((await scene.series('llamacloud_chat_runs_total')).size).toBe(2);
  });
});
