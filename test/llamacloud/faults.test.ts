/** Answers that stall, break off or cannot be decoded, and the error that each one becomes. */
import { type AddressInfo, createServer } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { inTurn, packers, type Reply, type Script } from './api-server.ts';
import { item, PROJECT, readPage, start } from './harness.ts';

const good: Reply = { body: { items: [item()] } };
const ok = { sessions: [{ id: 'ses-1' }], invalid: [], nextToken: null };

const pack = (encoding: string, body: Buffer): Reply => ({ headers: { 'content-encoding': encoding }, body });

const stall: Script = (_, response) => {
  response.writeHead(404, { 'content-type': 'application/json', 'content-length': 100 });
  response.write('{');
};

describe('an answer that stalls', () => {
  const hang: Record<string, Script> = {
    'before its headers': () => {},
    'in its body': (_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write('{"items":[');
    },
    'drop by drop': (_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const drip = setInterval(() => response.write(' '), 20);
      response.on('close', () => clearInterval(drip));
    },
  };
  it.each(Object.entries(hang))('%s is given up as a timeout', async (_, script) => {
    const { source, api } = await start(script, { requestTimeoutMs: 60 });
    await expect(readPage(source)).rejects.toMatchObject({
      code: 'timeout',
      fix: expect.stringContaining('request_timeout'),
    });
    expect(api.asked).toHaveLength(5);
  });

  it('in an error body counts as that error', async () => {
    const { source } = await start(stall, { requestTimeoutMs: 300 });
    await expect(readPage(source)).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('a broken connection', () => {
  const broken: Record<string, Script> = {
    'reset before the headers': (request) => request.socket.resetAndDestroy(),
    'closed before the headers': (request) => request.socket.destroy(),
    'cut in the body by length': (_, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': 1000 });
      response.write('{"items":[]');
      setTimeout(() => response.destroy(), 5);
    },
    'cut in the chunked body': (_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write('{"items":[]}');
      setTimeout(() => response.socket?.resetAndDestroy(), 5);
    },
  };
  it.each(Object.entries(broken))('%s is tried again', async (_, script) => {
    const { source, api } = await start(script);
    await expect(readPage(source)).rejects.toMatchObject({ code: 'connection' });
    expect(api.asked).toHaveLength(5);
    api.script = inTurn(good);
    expect(await readPage(source)).toMatchObject(ok);
  });

  it('to nobody names the address', async () => {
    const { source, told } = await start(inTurn(good), { baseUrl: 'http://127.0.0.1:1' });
    await expect(readPage(source)).rejects.toMatchObject({
      code: 'connection',
      message: `[GET] "http://127.0.0.1:1/api/v1/chat?project_id=${PROJECT}&page_size=100": the connection was refused (ECONNREFUSED 127.0.0.1:1)`,
    });
    expect(told.filter(([event]) => event === 'requestEnded').map((event) => event[3])).toEqual(Array(5).fill('error'));
  });

  it('that speaks no HTTP is refused', async () => {
    const server = createServer((socket) => socket.end('SSH-2.0-OpenSSH_9.9\r\n')).listen(0, '127.0.0.1');
    onTestFinished(() => void server.close());
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    const { source } = await start(inTurn(good), { baseUrl: `http://127.0.0.1:${port}` });
    await expect(readPage(source)).rejects.toMatchObject({ code: 'connection' });
  });
});

describe('a body that cannot be used', () => {
  const bomb = packers.gzip(Buffer.alloc(65 * 1024 * 1024));
  const json = Buffer.from(JSON.stringify(good.body));
  it.each<[string, Reply, RegExp]>([
    [
      'HTML',
      { headers: { 'content-type': 'text/html; charset=utf-8' }, body: '<html>' },
      /content type is text\/html, not JSON/,
    ],
    ['no content type', { headers: { 'content-type': '' }, body: '{}' }, /content type is missing/],
    ['truncated JSON', { body: '{"items":[{"session_id":"ses-1","generated_title":"my sec' }, /not valid JSON/],
    ['an empty body', { body: '' }, /not valid JSON/],
    ['NaN as a number', { body: '{"items":[],"x":NaN}' }, /not valid JSON/],
    ['invalid UTF-8', { body: Buffer.from('{"items":[],"x":"\xff\xfe"}', 'latin1') }, /not valid UTF-8/],
    ['an array', { body: [] }, /not a page of sessions/],
    ['a null', { body: 'null' }, /not a page of sessions/],
    ['items of a wrong type', { body: { items: 'none' } }, /not a page of sessions/],
    ['a gzip bomb', pack('gzip', bomb), /larger than 64 MiB/],
    ['a brotli bomb', pack('br', packers.br(Buffer.alloc(65 * 1024 * 1024))), /larger than 64 MiB/],
    ['half a gzip body', pack('gzip', packers.gzip(json).subarray(0, 40)), /gzip body is broken/],
    ['no gzip at all', pack('gzip', json), /gzip body is broken/],
    ['an unknown packing', pack('compress', json), /packed in a way that was not asked for/],
  ])('fails the page for %s', async (_, answer, message) => {
    const { source, api } = await start(inTurn(answer));
    const error = await readPage(source).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ name: 'ExporterError', code: 'malformed', message: expect.stringMatching(message) });
    expect(JSON.stringify([String(error), (error as Error).cause ?? null])).not.toContain('my sec');
    expect(api.asked).toHaveLength(1);
  });

  it('stops reading at the size limit', async () => {
    let sent = 0;
    const flood: Script = (_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const chunk = Buffer.alloc(1024 * 1024, 32);
      const more = (): void => {
        while (!response.destroyed && sent < 400) {
          sent += 1;
          if (!response.write(chunk)) return;
        }
      };
      response.on('drain', more);
      more();
    };
    const { source } = await start(flood, { requestTimeoutMs: 20_000 });
    await expect(readPage(source)).rejects.toThrow(/larger than 64 MiB/);
    expect(sent).toBeLessThan(100);
  });

  it.each(['gzip', 'br'] as const)('is unpacked where it is %s', async (encoding) => {
    const { source } = await start(inTurn(pack(encoding, packers[encoding](json))));
    expect(await readPage(source)).toMatchObject(ok);
  });
});
