/** What can happen to sessions, and what readers see of it. */
import { describe, expect, it } from 'vitest';
import { succeeded, withFigures } from '../../../src/simulator/world/runs.ts';
import { projectTruth, sessionTruth } from '../../../src/simulator/world/truth.ts';
import type { Metadata, ProgressForm, StampRule } from '../../../src/simulator/world/types.ts';
import type { World } from '../../../src/simulator/world/world.ts';
import { fill, smallWorld } from '../helpers.ts';

const RUN = succeeded(1500, 100, 20, 2);
const shown = (world: World, id: string) => world.session(id).shown;
const listed = (world: World, projectId: string) => world.page(projectId, null, 100).items.map((item) => item.id);

function twenty(seed: number): string {
  const { world, clock, project } = smallWorld({ seed });
  fill(world, clock, project, 20);
  return JSON.stringify([project.id, project.sessions.map(sessionTruth)]);
}

describe('a run', () => {
  it.each([
    ['null', null],
    ['empty', {}],
    ['previous', { ...RUN.figures, export_config_ids: null }],
    [
      'partial',
      { total_input_tokens: null, total_output_tokens: null, turns: 1, error: null, export_config_ids: null },
    ],
  ] as [ProgressForm, Metadata | null][])('in progress shows %s', (form, wanted) => {
    const { world, project } = smallWorld();
    const { id } = world.addSession(project.id);
    world.runOnce(id, RUN);
    world.startRun(id, { form });
    expect(shown(world, id)?.metadata).toEqual(wanted);
    expect(sessionTruth(world.session(id))).toMatchObject({ running: true, runs: [RUN] });
  });

  it.each([
    ['start', [1, 1]],
    ['end', [0, 2]],
    ['both', [1, 2]],
  ] as [StampRule, [number, number]][])('stamps at %s', (stamp, seconds) => {
    const { world, clock, project } = smallWorld();
    const start = clock.now();
    const { id } = world.addSession(project.id);
    clock.advance(1000);
    world.startRun(id, { stamp });
    const times = [shown(world, id)?.updatedAt];
    clock.advance(1000);
    world.finishRun(id, RUN);
    times.push(shown(world, id)?.updatedAt);
    expect(times).toEqual(seconds.map((second) => start + second * 1_000_000));
    expect(shown(world, id)?.metadata).toMatchObject({ ...RUN.figures });
  });

  it('always moves the time onward', () => {
    const { world, clock, project } = smallWorld();
    const { id } = world.addSession(project.id);
    clock.skew(-600_000);
    const before = shown(world, id)?.updatedAt ?? 0;
    world.runOnce(id, RUN);
    expect(shown(world, id)?.updatedAt).toBe(before + 1);
  });

  it('is the same run when amended', () => {
    const { world, project } = smallWorld();
    const { id } = world.addSession(project.id);
    world.runOnce(id, withFigures(RUN, { total_input_tokens: null }));
    world.amendRun(id, RUN);
    expect(projectTruth(project)).toMatchObject({ runs: 1, input_tokens: 100, runs_without_usage: 0 });
    expect(shown(world, id)?.metadata).toMatchObject({ total_input_tokens: 100 });
  });
});

describe('the world', () => {
  it('refuses what cannot be', () => {
    const { world, project } = smallWorld();
    const { id } = world.addSession(project.id);
    expect(() => world.finishRun(id, RUN)).toThrow('has no run to finish');
    expect(() => world.restore(id)).toThrow('is not deleted');
    world.delete(id);
    expect(() => world.touch(id)).toThrow('is deleted');
    expect(() => world.touch('ses-nobody')).toThrow('has no session ses-nobody');
  });

  it('deletes and restores with the old time', () => {
    const { world, clock, project } = smallWorld();
    const [id = '', other] = fill(world, clock, project, 2);
    const before = shown(world, id);
    world.delete(id);
    expect(listed(world, project.id)).toEqual([other]);
    expect(projectTruth(project)).toMatchObject({ runs: 2, sessions: { live: 1, deleted: 1 } });
    world.restore(id);
    expect(shown(world, id)).toEqual(before);
    expect(listed(world, project.id)).toEqual([other, id]);
  });

  it('shows a lagging session as before', () => {
    const { world, clock, project } = smallWorld();
    const [a = '', b = ''] = fill(world, clock, project, 2);
    const before = shown(world, a);
    clock.advance(1000);
    world.runOnce(a, RUN);
    world.lagSession(a, 5000);
    expect(shown(world, a)).toEqual(before);
    expect(listed(world, project.id)).toEqual([b, a]);
    world.runOnce(a, RUN);
    expect(shown(world, a)).toEqual(before);
    clock.advance(5000);
    expect(listed(world, project.id)).toEqual([a, b]);
    expect(shown(world, a)).toEqual(world.session(a).current);
  });

  it('hides a lagging new session', () => {
    const { world, project } = smallWorld();
    const { id } = world.addSession(project.id);
    world.lagSession(id, 5000);
    expect(listed(world, project.id)).toEqual([]);
  });

  it('shows a lagging deleted session', () => {
    const { world, clock, project } = smallWorld();
    const [id = ''] = fill(world, clock, project, 1);
    world.delete(id);
    world.lagSession(id, 5000);
    expect(listed(world, project.id)).toEqual([id]);
  });

  it('freezes a whole list for a while', () => {
    const { world, clock, project } = smallWorld();
    const ids = fill(world, clock, project, 3);
    world.freezeList(project.id, 5000);
    world.delete(ids[0] ?? '');
    world.addSession(project.id);
    expect(listed(world, project.id)).toEqual(ids.toReversed());
    clock.advance(5001);
    expect(listed(world, project.id)).toHaveLength(3);
    expect(listed(world, project.id)).not.toContain(ids[0]);
  });

  it('catches up when told', () => {
    const { world, clock, project } = smallWorld();
    const [id = ''] = fill(world, clock, project, 1);
    world.runOnce(id, RUN);
    world.lagSession(id, 5000);
    world.catchUp(project.id);
    expect(shown(world, id)).toBe(world.session(id).current);
  });

  it('tells truth since a moment', () => {
    const { world, clock, project } = smallWorld();
    const [id = ''] = fill(world, clock, project, 1);
    clock.advance(1000);
    const since = clock.now();
    world.runOnce(id, RUN);
    expect(projectTruth(project, since)).toMatchObject({ runs: 1, input_tokens: 100, turns: 2, duration_ms: 1500 });
    expect(projectTruth(project).runs).toBe(2);
  });

  it('is the same for the same seed', () => {
    expect(twenty(7)).toBe(twenty(7));
    expect(twenty(7)).not.toBe(twenty(8));
  });
});
