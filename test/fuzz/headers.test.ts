/** Accept and Authorization as nobody would write them, over a real connection. */
import { connect, type Socket } from 'node:net';
import { hashSync } from '@node-rs/bcrypt';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FakeWebConfig } from '../fakes/fake-serving.ts';
import { serve } from '../web/fixtures.ts';
import { get } from '../web/http.ts';
import { unhandledRejections } from './unhandled.ts';

const RUNS = { numRuns: 1200, seed: Number(process.env['FC_SEED'] ?? 20_261_123) };
const GOOD = `Basic ${Buffer.from('prom:right').toString('base64')}`;
const users = { prom: hashSync('right', 4) };

/** Any bytes that a header line can hold. */
const line = fc.string({
  unit: fc.integer({ min: 0x20, max: 0xfe }).map((code) => String.fromCharCode(code < 0x7f ? code : code + 1)),
  maxLength: 300,
});
const piece = fc.constantFrom(
  'text/plain',
  'application/openmetrics-text',
  '*/*',
  ';q=',
  ';version=',
  '1.0.0',
  '0.0.4',
  ',',
  ';',
  '"',
  '\\',
  ' ',
  '0.5',
  '9e9',
  '-1',
  'NaN',
  'gzip',
  'identity',
  '\t',
  '=',
);
const accept = fc.oneof(
  line,
  fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join('')),
);
const credential = fc.oneof(
  line,
  fc.string({ unit: 'binary', maxLength: 80 }).map((text) => `Basic ${Buffer.from(text).toString('base64')}`),
  fc.string({ maxLength: 40 }).map((text) => `Basic ${Buffer.from(`prom:${text}`).toString('base64')}`),
  fc.constantFrom('Basic', 'Basic ', `Bearer ${GOOD.slice(6)}`, `${GOOD},${GOOD}`, GOOD.slice(0, -3)),
);

/** Sends requests one after the other over one connection, and answers their statuses. */
class Line {
  readonly #socket: Socket;
  #text = '';
  #wake = (): void => {};
  #closed = false;

  constructor(url: string) {
    const { hostname, port } = new URL(url);
    this.#socket = connect(Number(port), hostname);
    this.#socket.on('data', (chunk: Buffer) => {
      this.#text += chunk.toString('latin1');
      this.#wake();
    });
    this.#socket.on('error', () => {});
    this.#socket.on('close', () => {
      this.#closed = true;
      this.#wake();
    });
  }

  async status(headers: string): Promise<number> {
    this.#text = '';
    this.#socket.write(Buffer.from(`GET /metrics HTTP/1.1\r\nHost: x\r\n${headers}\r\n\r\n`, 'latin1'));
    while (!this.#closed && !this.#isWhole()) await new Promise<void>((resolve) => void (this.#wake = resolve));
    return Number(this.#text.slice(9, 12));
  }

  end(): void {
    this.#socket.destroy();
  }

  #isWhole(): boolean {
    const end = this.#text.indexOf('\r\n\r\n');
    if (end < 0) return false;
    const length = /content-length: (\d+)/i.exec(this.#text)?.[1];
    return length === undefined ? this.#text.endsWith('0\r\n\r\n') : this.#text.length >= end + 4 + Number(length);
  }
}

describe('a header', () => {
  const faults = unhandledRejections();

  it('Accept of any kind is answered by metrics', async () => {
    await using served = await serve();
    const to = new Line(served.url);
    await fc.assert(
      fc.asyncProperty(accept, accept, async (type, encoding) => {
        expect(await to.status(`Accept: ${type}\r\nAccept-Encoding: ${encoding}`)).toBe(200);
      }),
      RUNS,
    );
    to.end();
    expect(faults).toEqual([]);
  }, 60_000);

  it('Authorization of any kind but the right one stays out', async () => {
    await using served = await serve({}, new FakeWebConfig({ users }));
    const to = new Line(served.url);
    await fc.assert(
      fc.asyncProperty(credential, async (value) => {
        expect(await to.status(`Authorization: ${value}`)).toBe(401);
      }),
      RUNS,
    );
    to.end();
    expect((await get(`${served.url}/metrics`, { headers: { authorization: GOOD } })).status).toBe(200);
    expect(faults).toEqual([]);
  }, 60_000);
});
