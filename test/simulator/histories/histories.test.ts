/** The text of event histories. */
import { describe, expect, it } from 'vitest';
import { historyOf } from '../../../src/simulator/histories/history.ts';
import { historyText } from '../../../src/simulator/histories/text.ts';
import { failed } from '../../../src/simulator/world/runs.ts';
import type { Version } from '../../../src/simulator/world/types.ts';
import { ask, served, smallWorld } from '../helpers.ts';

interface StopEvent {
  type: string;
  is_error: boolean;
  error: string | null;
  usage: Record<string, unknown>;
}

const read = (version: Version | null) =>
  JSON.parse(version === null ? 'null' : [...historyText(historyOf(version))].join('')) as { events: StopEvent[] };
const stopsOf = (events: StopEvent[]) => events.filter((event) => event.type === 'stop');

describe('an event history', () => {
  it('has one stop per finished run', () => {
    const { world, project } = smallWorld();
    const { id } = world.addSession(project.id);
    for (let i = 0; i < 9; i += 1) world.runOnce(id, world.outcome());
    world.runOnce(id, failed(world.outcome(), 'timeout', 'timed out'));
    world.startRun(id);
    const { events } = read(world.session(id).shown);
    const told = stopsOf(events).map(({ is_error, error, usage }) => ({ is_error, error, ...usage }));
    expect(told).toEqual(world.session(id).runs.map((run) => run.figures));
    expect(events.at(-1)?.type).toBe('user_input');
  });

  it('hides decoys in the results of tools', () => {
    const { world, project } = smallWorld();
    const { id } = world.addSession(project.id);
    for (let i = 0; i < 40; i += 1) world.runOnce(id, world.outcome());
    const text = [...historyText(historyOf(world.session(id).shown as Version))].join('');
    expect(text.match(/"type":"stop"/g)?.length).toBeGreaterThan(40);
    expect(stopsOf(read(world.session(id).shown).events)).toHaveLength(40);
  });

  it('lags with a lagging session', () => {
    const { world, project } = smallWorld();
    const { id } = world.addSession(project.id);
    world.runOnce(id, world.outcome());
    world.runOnce(id, world.outcome());
    world.lagSession(id, 1000);
    expect(stopsOf(read(world.session(id).shown).events)).toHaveLength(1);
  });

  it('streams 50 MB in small pieces', async () => {
    await using home = await served(1);
    const session = home.world.session(home.ids[0] ?? '');
    session.historyBytes = 50_000_000;
    let longest = 0;
    for (const piece of historyText(historyOf(session.shown as Version))) longest = Math.max(longest, piece.length);
    expect(longest).toBeLessThan(100_000);
    const response = await ask(home.simulator, `/api/v1/chat/${session.id}`);
    let bytes = 0;
    for await (const chunk of response.body ?? []) bytes += chunk.length;
    expect(bytes).toBeGreaterThan(50_000_000);
    expect(bytes).toBeLessThan(50_300_000);
  });
});
