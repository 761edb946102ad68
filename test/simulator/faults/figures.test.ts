/** List and history that show the same run in different forms, over HTTP. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { failed } from '../../../src/simulator/world/runs.ts';
import { listPage } from '../helpers.ts';
import { fiveRuns, runOf, stopsOf } from '../histories/history-reader.ts';

let home: Awaited<ReturnType<typeof fiveRuns>>;

beforeEach(async () => {
  home = await fiveRuns();
});
afterEach(() => home.simulator.stop());

const listed = async () => (await listPage(home.simulator)).items[0]?.job_metadata ?? {};
/** What list, the history's own metadata and its last stop tell of the last run's figure. */
const told = async (figure: string) => {
  const session = await home.read();
  const stop = stopsOf(session).at(-1);
  const own = figure === 'error' ? stop?.error : (stop?.usage as Record<string, unknown> | undefined)?.[figure];
  return [(await listed())[figure], session.job_metadata?.[figure], own];
};

describe('figures in another form', () => {
  it('have rounded durations in the list', async () => {
    home.on({ kind: 'figures', round_ms: 1 }, { endpoint: 'list' });
    expect(await told('duration_ms')).toEqual([5000, 5000.4, 5000.4]);
  });

  it('differ by a share or an offset', async () => {
    home.on({ kind: 'figures', add_share: 0.0008 });
    expect(await told('duration_ms')).toEqual([5000.4, 5004.40032, 5004.40032]);
    home.simulator.faults.clear();
    home.on({ kind: 'figures', add_ms: 0.6, round_ms: 1, half: 'events' });
    expect(await told('duration_ms')).toEqual([5000.4, 5000.4, 5001]);
  });

  it('word errors otherwise', async () => {
    home.world.runOnce(home.id, failed(runOf(6), 'timeout', 'timed out'));
    home.on({ kind: 'figures', error: 'request timed out after 30 s', half: 'events' });
    expect(await told('error')).toEqual(['timed out', 'timed out', 'request timed out after 30 s']);
    expect(stopsOf(await home.read())[0]?.error).toBeNull();
  });

  it('are null at first and filled later', async () => {
    home.on({ kind: 'figures', nulls: ['total_input_tokens', 'turns'], null_for_ms: 60_000 }, { endpoint: 'list' });
    expect(await told('total_input_tokens')).toEqual([null, 5, 5]);
    expect(await told('turns')).toEqual([null, 1, 1]);
    home.clock.advance(60_000);
    expect(await told('total_input_tokens')).toEqual([5, 5, 5]);
  });

  it('are null in the history for ever', async () => {
    home.on({ kind: 'figures', nulls: ['total_output_tokens'], half: 'events' });
    home.clock.advance(3_600_000);
    expect(await told('total_output_tokens')).toEqual([50, 50, null]);
  });

  it('are other for chosen sessions only', async () => {
    home.on({ kind: 'figures', sessions: [home.ids[0] ?? ''], nulls: ['turns'] }, {});
    expect(await told('turns')).toEqual([1, 1, 1]);
    expect((await listPage(home.simulator)).items[1]?.job_metadata).toMatchObject({ turns: null });
  });
});
