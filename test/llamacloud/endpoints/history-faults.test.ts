/** Histories that cannot be read or used: one error each, which says nothing about their content. */
import { describe, expect, it } from 'vitest';
import { historySink } from '../../../src/llamacloud/endpoints/history.ts';
import { inTurn, packers, type Reply, type Script } from '../api-server.ts';
import { item, start } from '../harness.ts';
import { heard, history, readHistory, readStops, request, stop, twoRuns, twoStops } from './history-bodies.ts';

describe('a history that cannot be used', () => {
  const whole = Buffer.from(JSON.stringify(history(twoRuns).body));
  const cut = whole.subarray(0, 500);
  it.each<[string, Reply]>([
    ['HTML', { headers: { 'content-type': 'text/html' }, body: '<p>' }],
    ['half of it', { body: cut }],
    ['half of its packing', { headers: { 'content-encoding': 'gzip' }, body: packers.gzip(cut).subarray(0, 200) }],
    ['no gzip at all', { headers: { 'content-encoding': 'gzip' }, body: cut }],
    ['too much of it', { body: `${JSON.stringify(history([]).body)} {}` }],
    ['invalid UTF-8', { body: Buffer.from(JSON.stringify(history([{ content: '\xff' }]).body), 'latin1') }],
    ['another session', history(twoRuns, { session_id: 'ses-2' })],
    ['no session', { body: {} }],
    ['a list', { body: [] }],
    ['events that are no list', history({ a: stop({}) })],
    ['null events', history(null)],
    ['no events', { body: item() }],
    ['no time', history(twoRuns, { last_updated_at: null })],
    ['a time in the year 2300', history(twoRuns, { last_updated_at: '2300-01-01T00:00:00' })],
    ['a time beyond a day ahead', history(twoRuns, { last_updated_at: '2199-01-01T00:00:00' })],
    ['odd metadata', history(twoRuns, { job_metadata: 'private' })],
    ['odd figures', history(twoRuns, { job_metadata: { duration_ms: -1 } })],
  ])('for %s is malformed, and nothing is said of it', async (_, answer) => {
    const harness = await start(inTurn(answer));
    const read = await readHistory(harness);
    expect(read).toMatchObject({ error: { name: 'ExporterError', code: 'malformed' } });
    expect(heard(harness)).toEqual([read.bytes]);
    expect(harness.logger.lines).toEqual([]);
    expect(JSON.stringify([read, 'error' in read ? String(read.error) : ''])).not.toMatch(/private|ses-1/);
    expect(harness.api.asked).toHaveLength(1);
  });

  it('is no fault of the settings where its session was deleted', async () => {
    const harness = await start(inTurn({ status: 404 }));
    const read = await readHistory(harness);
    expect('error' in read && read.error.fix).toMatch(/^Nothing needs to be done for a session that was deleted/);
  });

  it('counts the bytes that came', async () => {
    const harness = await start(inTurn({ body: cut }));
    expect(await readHistory(harness)).toMatchObject({ bytes: 500 });
    expect(heard(harness)).toEqual([500]);
  });
});

describe('a history that cannot be had', () => {
  it.each([
    [400, 'rejected'],
    [401, 'unauthorized'],
    [403, 'forbidden'],
    [404, 'not_found'],
    [410, 'not_found'],
    [422, 'rejected'],
    [429, 'rate_limited'],
    [500, 'server_error'],
    [503, 'server_error'],
  ])('for %i is %s after one attempt', async (status, code) => {
    const harness = await start(inTurn({ status, body: { detail: 'private project_id of ses-1' } }));
    const read = await readHistory(harness);
    expect(read).toMatchObject({ bytes: 0, error: { code } });
    expect(String('error' in read && read.error)).not.toMatch(/private|ses-1/);
    expect(harness.api.asked).toHaveLength(1);
    expect(harness.told.map(([event]) => event)).not.toContain('requestRetried');
  });

  it('is asked for again with a key that was replaced', async () => {
    const apiKey = { current: () => 'old', refresh: async () => 'new' };
    const harness = await start(inTurn({ status: 401 }, history(twoRuns)), { apiKey });
    expect(await readStops(harness)).toEqual(twoStops);
    expect(harness.api.keys).toEqual(['Bearer old', 'Bearer new']);
  });

  it('for a key that cannot be read says so', async () => {
    const apiKey = { current: () => '', refresh: async () => '' };
    expect(await readHistory(await start(inTurn(history([])), { apiKey }))).toMatchObject({
      error: { code: 'unauthorized' },
    });
  });

  it('for a broken connection is an error of it', async () => {
    const harness = await start((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': 1000 });
      response.write('{"session_id":');
      setTimeout(() => response.socket?.destroy(), 20);
    });
    expect(await readHistory(harness)).toMatchObject({ error: { code: 'connection' } });
    expect(harness.api.asked).toHaveLength(1);
  });

  it('rejects with the reason of the signal alone', async () => {
    const harness = await start(() => {});
    const abort = new AbortController();
    const read = harness.source.history(request, abort.signal);
    abort.abort(new Error('shutdown'));
    await expect(read).rejects.toThrow('shutdown');
    await harness.source.close();
    expect(await readHistory(harness)).toMatchObject({ error: { code: 'connection' } });
  });
});

const stall: Script = (_, response) => {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.write('{"events":[');
};

const endless: Script = (_, response) => {
  response.writeHead(200, { 'content-type': 'application/json' });
  const timer = setInterval(() => response.write(' '), 10);
  response.on('close', () => clearInterval(timer));
};

describe('a history beyond the size limit', () => {
  const limit = 1024 * 1024;
  const blank = Buffer.alloc(5 * limit, 32);
  const sink = (encoding: string) =>
    historySink(
      { 'content-type': 'application/json', 'content-encoding': encoding },
      { sessionId: 'ses-1', serverTime: 0, onBytes: () => {} },
      limit,
    );

  it('is refused as it comes', () => {
    expect(() => sink('identity').write(blank)).toThrow('larger than 1 MiB');
  });

  it.each(['gzip', 'br'] as const)('is refused however small its %s is', async (encoding) => {
    await expect(sink(encoding).write(packers[encoding](blank))).rejects.toThrow('larger than 1 MiB');
  });
});

describe('a slow history', () => {
  it('may take longer than a page while it moves', async () => {
    const text = JSON.stringify(history(twoRuns).body);
    const drip: Script = (_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      let at = 0;
      const timer = setInterval(() => {
        response.write(text.slice(at, at + 100));
        at += 100;
        if (at >= text.length) response.end();
      }, 40);
      response.on('close', () => clearInterval(timer));
    };
    expect(await readStops(await start(drip, { requestTimeoutMs: 300 }))).toEqual(twoStops);
  });

  it('that stalls is a timeout', async () => {
    const harness = await start(stall, { requestTimeoutMs: 60 });
    expect(await readHistory(harness)).toMatchObject({ error: { code: 'timeout' } });
    expect(harness.api.asked).toHaveLength(1);
  });

  it('without end is given up after ten timeouts', async () => {
    const harness = await start(endless, { requestTimeoutMs: 150 });
    const error = expect.objectContaining({
      code: 'malformed',
      message: expect.stringMatching(/has not ended after 1.5 s$/),
    });
    expect(await readHistory(harness)).toMatchObject({ error });
  });
});
