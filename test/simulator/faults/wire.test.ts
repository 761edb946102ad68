/** Faults of the connection, such as hangs, resets and bodies that are cut off. */
import type { IncomingMessage } from 'node:http';
import { get } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RuleInput } from '../../../src/simulator/faults/switchboard.ts';
import { ask, served } from '../helpers.ts';

let home: Awaited<ReturnType<typeof served>>;

beforeEach(async () => {
  home = await served(6);
});
afterEach(() => home.simulator.stop());

const on = (fault: RuleInput['fault']) => home.simulator.faults.add({ match: { times: 1 }, fault });

/** What one request brought: how far it came, how many bytes, how it ended. */
interface Reception {
  status: number | null;
  announced: number;
  bytes: number;
  end: 'whole' | 'cut' | 'nothing more' | 'ECONNRESET';
}

/** Receives raw bytes, and waits for more no longer than `patience` ms. */
function receive(patience: number): Promise<Reception> {
  const reception: Reception = { status: null, announced: 0, bytes: 0, end: 'nothing more' };
  return new Promise((resolve) => {
    const finish = (end: Reception['end']): void => {
      clearTimeout(timer);
      request.destroy();
      resolve({ ...reception, end });
    };
    const headers = { authorization: 'Bearer key' };
    const request = get(`${home.simulator.url}/api/v1/chat`, { headers, agent: false }, (response: IncomingMessage) => {
      reception.status = response.statusCode ?? null;
      reception.announced = Number(response.headers['content-length']);
      response.on('data', (chunk: Buffer) => (reception.bytes += chunk.length));
      response.on('end', () => finish('whole'));
      response.on('error', () => finish('cut'));
    });
    request.on('error', (error: NodeJS.ErrnoException) => finish(error.code === 'ECONNRESET' ? 'ECONNRESET' : 'cut'));
    const timer = setTimeout(() => finish('nothing more'), patience);
  });
}

describe('faults on the wire', () => {
  it('hang before the headers', async () => {
    on({ kind: 'hang', where: 'headers' });
    expect(await receive(100)).toMatchObject({ status: null, bytes: 0, end: 'nothing more' });
  });

  it('hang in the body', async () => {
    on({ kind: 'hang', where: 'body' });
    const got = await receive(100);
    expect(got).toMatchObject({ status: 200, end: 'nothing more' });
    expect(got.bytes).toBe(got.announced >> 1);
  });

  it('reset before the headers', async () => {
    on({ kind: 'reset' });
    expect(await receive(2000)).toMatchObject({ status: null, end: 'ECONNRESET' });
  });

  it('reset within the body', async () => {
    on({ kind: 'reset', after_bytes: 50 });
    const got = await receive(2000);
    expect(got).toMatchObject({ status: 200, bytes: 50 });
    expect(got.end).not.toBe('whole');
    expect(got.end).not.toBe('nothing more');
  });

  it('cut the body and the connection', async () => {
    on({ kind: 'truncate', keep: 0.5 });
    const got = await receive(2000);
    expect(got.end).toBe('cut');
    expect(got.bytes).toBe(Math.floor(got.announced / 2));
  });

  it('cut the JSON inside valid framing', async () => {
    on({ kind: 'truncate', keep: 0.5, framing: 'valid' });
    const response = await ask(home.simulator, '/api/v1/chat');
    const text = await response.text();
    expect(text.length).toBeGreaterThan(100);
    expect(() => JSON.parse(text)).toThrow(SyntaxError);
  });

  it('let the body drip', async () => {
    on({ kind: 'drip', bytes_per_second: 1000 });
    const got = await receive(350);
    expect(got.end).toBe('nothing more');
    expect(got.bytes).toBeGreaterThan(0);
    expect(got.bytes).toBeLessThan(got.announced);
  });

  it('end when the simulator stops', async () => {
    on({ kind: 'hang', where: 'body' });
    const pending = receive(5000);
    while (home.simulator.requests.count() === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await new Promise((resolve) => setTimeout(resolve, 20));
    await home.simulator.stop();
    expect((await pending).end).toBe('cut');
  });
});
