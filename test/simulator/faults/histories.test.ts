/** Faults of event histories, over HTTP. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RuleInput } from '../../../src/simulator/faults/switchboard.ts';
import { ask, listPage } from '../helpers.ts';
import { fiveRuns, inputsOf, runOf, stopsOf } from '../histories/history-reader.ts';

type OddForm = Extract<RuleInput['fault'], { kind: 'odd_stops' }>['form'];
let home: Awaited<ReturnType<typeof fiveRuns>>;

beforeEach(async () => {
  home = await fiveRuns();
});
afterEach(() => home.simulator.stop());

const inputs = async () => inputsOf(await home.read());
const told = async () => {
  const session = await home.read();
  return [session.last_updated_at, session.job_metadata?.['total_input_tokens'], inputsOf(session).length];
};

const usageWith = (total_input_tokens: unknown): unknown =>
  expect.objectContaining({ usage: expect.objectContaining({ total_input_tokens }) });

describe('a history that lags', () => {
  it('is whole and of one moment, n runs ago', async () => {
    expect(await told()).toEqual(['2026-05-01T12:05:01.000000', 5, 5]);
    home.on({ kind: 'history_lag', runs: 2 });
    expect(await told()).toEqual(['2026-05-01T12:03:01.000000', 3, 3]);
    expect((await listPage(home.simulator)).items[0]?.job_metadata).toMatchObject({ total_input_tokens: 5 });
    home.simulator.faults.clear();
    expect(await told()).toEqual(['2026-05-01T12:05:01.000000', 5, 5]);
  });

  it('follows by time', async () => {
    home.on({ kind: 'history_lag', ms: 90_000 });
    expect(await told()).toEqual(['2026-05-01T12:03:01.000000', 3, 3]);
    home.clock.advance(40_000);
    expect(await told()).toEqual(['2026-05-01T12:04:01.000000', 4, 4]);
    home.clock.advance(60_000);
    expect(await told()).toEqual(['2026-05-01T12:05:01.000000', 5, 5]);
  });

  it.each([
    ['metadata', ['2026-05-01T12:03:01.000000', 3, 5]],
    ['events', ['2026-05-01T12:05:01.000000', 5, 3]],
  ] as const)('in its %s alone', async (half, wanted) => {
    home.on({ kind: 'history_lag', runs: 2, half });
    expect(await told()).toEqual(wanted);
  });

  it('reaches back before the first run', async () => {
    home.on({ kind: 'history_lag', runs: 9 });
    expect(await told()).toEqual(['2026-05-01T12:00:01.000000', undefined, 0]);
  });

  it('keeps the stamps of runs that stamp their start', async () => {
    home.world.startRun(home.id, { stamp: 'start' });
    home.clock.advance(30_000);
    home.world.finishRun(home.id, runOf(6));
    home.clock.advance(30_000);
    home.world.runOnce(home.id, runOf(7));
    home.on({ kind: 'history_lag', runs: 1 });
    expect(await told()).toEqual(['2026-05-01T12:05:01.000001', 6, 6]);
  });
});

describe('a history that runs ahead', () => {
  it('shows what the list does not show yet', async () => {
    home.world.runOnce(home.id, runOf(6));
    home.world.lagSession(home.id, 60_000);
    expect(await inputs()).toHaveLength(5);
    home.on({ kind: 'history_ahead' });
    expect(await inputs()).toEqual([1, 2, 3, 4, 5, 6]);
    expect((await listPage(home.simulator)).items[0]?.job_metadata).toMatchObject({ total_input_tokens: 5 });
  });
});

describe('a history that changes', () => {
  it('loses its head or its tail and is whole again', async () => {
    home.on({ kind: 'history_shortened', drop: 3 }, { endpoint: 'session', times: 1 });
    expect(await told()).toEqual(['2026-05-01T12:05:01.000000', 5, 2]);
    home.on({ kind: 'history_shortened', drop: 1, end: 'tail' }, { endpoint: 'session', times: 1 });
    expect(await inputs()).toEqual([1, 2, 3, 4]);
    expect(await inputs()).toEqual([1, 2, 3, 4, 5]);
  });

  it('is rewritten in chosen places', async () => {
    home.on({ kind: 'history_rewritten', figures: { total_input_tokens: 77, error: 'new' }, places: [0, -1] });
    const session = await home.read();
    expect(inputsOf(session)).toEqual([77, 2, 3, 4, 77]);
    expect(stopsOf(session)[0]).toMatchObject({ error: 'new', usage: { turns: 1 } });
    expect(stopsOf(session)[1]).toMatchObject({ error: null });
  });

  it.each([
    ['null_usage', { type: 'stop', is_error: false, error: null, usage: null }],
    ['no_usage', { type: 'stop', is_error: false, error: null }],
    ['text_usage', { type: 'stop', is_error: false, error: null, usage: 'none' }],
    ['strings', usageWith('2')],
    ['negative', usageWith(-3)],
    ['fractions', usageWith(2.5)],
    ['bare', { type: 'stop' }],
  ] as [OddForm, unknown][])('has an odd stop: %s', async (form, wanted) => {
    home.on({ kind: 'odd_stops', form, places: [1] });
    const [first, second] = stopsOf(await home.read());
    expect(first).toMatchObject({ usage: { total_input_tokens: 1 } });
    expect(second).toEqual(wanted);
  });
});

describe('a history that cannot be had', () => {
  it.each([403, 404, 410, 500])('answers %i for a chosen session only', async (status) => {
    home.on({ kind: 'status', status }, { endpoint: 'session', session: [home.id, 'ses-other'] });
    const other = home.ids[0] ?? '';
    expect((await ask(home.simulator, `/api/v1/chat/${home.id}`)).status).toBe(status);
    expect((await ask(home.simulator, `/api/v1/chat/${other}`)).status).toBe(200);
    expect((await listPage(home.simulator)).items).toHaveLength(2);
  });

  it('is cut, reset or hangs', async () => {
    const patient = (ms: number) => ask(home.simulator, `/api/v1/chat/${home.id}`, { signal: AbortSignal.timeout(ms) });
    home.on({ kind: 'truncate' }, { endpoint: 'session', times: 1 });
    await expect(patient(5000).then((response) => response.text())).rejects.toThrow('terminated');
    home.on({ kind: 'reset' }, { endpoint: 'session', times: 1 });
    await expect(patient(5000)).rejects.toThrow('fetch failed');
    home.on({ kind: 'hang' }, { endpoint: 'session', times: 1 });
    await expect(patient(50)).rejects.toThrow('timeout');
    expect(await inputs()).toHaveLength(5);
  });

  it('is 100 MB long and streamed', async () => {
    home.on({ kind: 'history_bytes', bytes: 100_000_000 }, { session: home.id });
    const response = await ask(home.simulator, `/api/v1/chat/${home.id}`, { headers: { authorization: 'Bearer k' } });
    expect(response.headers.get('content-length')).toBeNull();
    let bytes = 0;
    for await (const chunk of response.body ?? []) bytes += chunk.length;
    expect(bytes).toBeGreaterThan(100_000_000);
    expect(bytes).toBeLessThan(101_000_000);
    expect(home.simulator.requests.bytes('session')).toBe(bytes);
  });
});
