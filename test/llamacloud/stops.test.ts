import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { historySink } from '../../src/llamacloud/history.ts';
import { inTurn, packers, type Reply, type Script } from './api-server.ts';
import { type Harness, item, never, PROJECT, start } from './harness.ts';

const stop = (usage: object, fields: object = {}): object => ({
  type: 'stop',
  error: null,
  is_error: false,
  usage,
  ...fields,
});
const chatter = [
  { type: 'user_input', content: 'private words' },
  { type: 'thinking', content: 'hm {"type":"stop"}' },
  { type: 'tool_call', call_id: 'c', name: 'stop', arguments: { type: 'stop', events: [{ type: 'stop' }] } },
  { type: 'tool_result', call_id: 'c', name: 'stop', result: [{ type: 'stop', usage: {} }] },
  { type: 'text_delta', content: 'ünïcode 🙂' },
];
const history = (events: unknown, fields: object = {}): Reply => ({ body: { ...item(), events, ...fields } });
const twoRuns = [
  ...chatter,
  stop({ duration_ms: 10.5, total_input_tokens: 1, total_output_tokens: 2, turns: 3 }),
  ...chatter,
  stop({ total_input_tokens: null }, { is_error: true, error: 'it broke' }),
];
const readStops = ({ source }: Harness) => source.stops(PROJECT, 'ses-1', never);

const figures = {
  durationUs: null,
  isError: false,
  errorHash: null,
  inputTokens: null,
  outputTokens: null,
  turns: null,
};
const twoStops = [
  { figures: { ...figures, durationUs: 10_500, inputTokens: 1, outputTokens: 2, turns: 3 }, errorText: null },
  {
    figures: { ...figures, isError: true, errorHash: createHash('sha256').update('it broke').digest('base64url') },
    errorText: 'it broke',
  },
];

const inPieces =
  (bytes: Buffer, size: number, headers: Record<string, string> = {}): Script =>
  (_, response) => {
    response.writeHead(200, { 'content-type': 'application/json', ...headers });
    for (let at = 0; at < bytes.length; at += size) response.write(bytes.subarray(at, at + size));
    response.end();
  };

describe('the history of a session', () => {
  it('gives its stop events, oldest first', async () => {
    const harness = await start(inTurn(history(twoRuns)));
    expect(await readStops(harness)).toEqual(twoStops);
    expect(harness.api.asked).toEqual([`/api/v1/chat/ses-1?project_id=${PROJECT}`]);
    expect(harness.told).toContainEqual(['requestEnded', 'acme', 'session', 200, expect.any(Number)]);
  });

  it('may come in pieces of any size, packed or not', async () => {
    const bytes = Buffer.from(JSON.stringify(history(twoRuns).body));
    for (const size of [1, 7, 1000]) {
      expect(await readStops(await start(inPieces(bytes, size)))).toEqual(twoStops);
      for (const encoding of ['gzip', 'br'] as const) {
        const packed = inPieces(packers[encoding](bytes), size, { 'content-encoding': encoding });
        expect(await readStops(await start(packed))).toEqual(twoStops);
      }
    }
  });

  it('may hold no run', async () => {
    expect(await readStops(await start(inTurn(history([]))))).toEqual([]);
    expect(await readStops(await start(inTurn(history(chatter))))).toEqual([]);
  });

  it('is asked for by an escaped id', async () => {
    const { source, api } = await start(inTurn(history([], { session_id: 'a/../b?c' })), { organizationId: 'o' });
    expect(await source.stops(PROJECT, 'a/../b?c', never)).toEqual([]);
    expect(api.asked).toEqual([`/api/v1/chat/a%2F..%2Fb%3Fc?project_id=${PROJECT}&organization_id=o`]);
  });
});

describe('a history that cannot be had', () => {
  const cut = Buffer.from(JSON.stringify(history(twoRuns).body)).subarray(0, 500);
  it.each<[string, Reply]>([
    ['404', { status: 404 }],
    ['422', { status: 422 }],
    ['500', { status: 500 }],
    ['HTML', { headers: { 'content-type': 'text/html' }, body: '<p>' }],
    ['half of it', { body: cut }],
    ['half of its packing', { headers: { 'content-encoding': 'gzip' }, body: packers.gzip(cut).subarray(0, 200) }],
    ['no gzip at all', { headers: { 'content-encoding': 'gzip' }, body: cut }],
    ['too much of it', { body: `${JSON.stringify(history([]).body)} {}` }],
    ['invalid UTF-8', { body: Buffer.from(JSON.stringify(history([{ content: '\xff' }]).body), 'latin1') }],
    ['another session', history(twoRuns, { session_id: 'ses-2' })],
    ['no session', { body: {} }],
    ['events that are no list', history({ a: stop({}) })],
    ['a stop without usage', history([{ type: 'stop', is_error: false, error: null }])],
    ['a stop with negative tokens', history([stop({ total_input_tokens: -1 })])],
  ])('for %s is null, with a warning', async (_, answer) => {
    const harness = await start(inTurn(answer));
    expect(await readStops(harness)).toBeNull();
    expect(harness.logger.of('warn')).toHaveLength(1);
    expect(JSON.stringify(harness.logger.lines)).not.toMatch(/private|ses-1/);
  });

  it.each([
    [401, 'unauthorized'],
    [403, 'forbidden'],
    [429, 'rate_limited'],
  ])('for %i fails as %s', async (status, code) => {
    await expect(readStops(await start(inTurn({ status })))).rejects.toMatchObject({ code });
  });

  it('for a broken connection fails', async () => {
    const harness = await start((request) => request.socket.destroy());
    await expect(readStops(harness)).rejects.toMatchObject({ code: 'connection' });
  });

  it('is read from its start again when cut', async () => {
    const whole = JSON.stringify(history(twoRuns).body);
    const harness = await start((_, response, number) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(whole) });
      response.write(whole.slice(0, 700));
      if (number > 1) response.end(whole.slice(700));
      else setTimeout(() => response.socket?.destroy(), 20);
    });
    expect(await readStops(harness)).toEqual(twoStops);
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
    historySink({ 'content-type': 'application/json', 'content-encoding': encoding }, 'ses-1', limit);

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
    await expect(readStops(await start(stall, { requestTimeoutMs: 60 }))).rejects.toMatchObject({ code: 'timeout' });
  });

  it('without end is given up after ten timeouts', async () => {
    const harness = await start(endless, { requestTimeoutMs: 150 });
    expect(await readStops(harness)).toBeNull();
    expect(harness.logger.of('warn')[0]?.fields['error']).toMatch(/has not ended after 1.5 s$/);
  });
});
