/** Faults of the list, over HTTP: what a poll makes of them, and that no run is lost. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { RuleInput } from '../../src/simulator/faults/switchboard.ts';
import { Scene } from './scene.ts';

type Fault = RuleInput['fault'];
const MIB = 1024 * 1024;

/** How a poll fails while the fault goes on; null: it does not. */
const LASTING: readonly (readonly [name: string, reason: string | null, fault: Fault])[] = [
  ['400', 'rejected', { kind: 'status', status: 400 }],
  ['401', 'unauthorized', { kind: 'status', status: 401 }],
  ['403', 'forbidden', { kind: 'status', status: 403 }],
  ['404', 'not_found', { kind: 'status', status: 404 }],
  ['408', 'timeout', { kind: 'status', status: 408 }],
  ['409', 'rejected', { kind: 'status', status: 409 }],
  ['422', 'rejected', { kind: 'status', status: 422 }],
  ['429', 'rate_limited', { kind: 'rate_limited' }],
  ['500', 'server_error', { kind: 'status', status: 500 }],
  ['502 with HTML', 'server_error', { kind: 'html', status: 502 }],
  ['503', 'server_error', { kind: 'status', status: 503 }],
  ['hang before the headers', 'timeout', { kind: 'hang', where: 'headers' }],
  ['hang in the body', 'timeout', { kind: 'hang', where: 'body' }],
  ['reset', 'connection', { kind: 'reset', after_bytes: 20 }],
  ['truncated body', 'connection', { kind: 'truncate', framing: 'broken' }],
  ['truncated JSON', 'malformed', { kind: 'truncate', framing: 'valid' }],
  ['wrong content type', 'malformed', { kind: 'content_type', value: 'text/html' }],
  ['invalid UTF-8', 'malformed', { kind: 'invalid_utf8' }],
  ['bare NaN', 'malformed', { kind: 'nan' }],
  ['wrong types everywhere', null, { kind: 'wrong_types' }],
  ['duplicate keys', null, { kind: 'duplicate_keys' }],
  ['repeated token', 'pagination', { kind: 'repeat_token' }],
  ['endless new tokens', 'pagination', { kind: 'endless_tokens' }],
  ['endless empty pages', 'pagination', { kind: 'endless_tokens', items: 'none' }],
  ['token that always expires', 'pagination', { kind: 'expire_token', status: 410 }],
];

/** Faults that a poll gets over by itself. */
const PASSING: readonly (readonly [name: string, fault: Fault])[] = [
  ['429 with Retry-After in seconds', { kind: 'rate_limited', retry_after: { seconds: 7 } }],
  ['429 with Retry-After as a date', { kind: 'rate_limited', retry_after: { date_in_seconds: 7 } }],
  ['429 with a date in the past', { kind: 'rate_limited', retry_after: { date_in_seconds: -7 } }],
  ['429 with an absurd Retry-After', { kind: 'rate_limited', retry_after: { text: '99999999999' } }],
  ['429 with retry-after-ms', { kind: 'rate_limited', retry_after_ms: 50 }],
  ['503', { kind: 'status', status: 503 }],
  ['reset', { kind: 'reset' }],
  ['empty page with a token', { kind: 'empty_page' }],
  ['page that begins with the end of the one before', { kind: 'overlap', items: 2 }],
  ['latency', { kind: 'latency', ms: 5 }],
  ['slow body', { kind: 'drip', bytes_per_second: 100_000 }],
];

/** Once the fault is over, every run has been counted, and once. */
async function expectWhole(scene: Scene): Promise<void> {
  scene.simulator.faults.clear();
  expect(await scene.poll()).toBe(null);
  expect(await scene.counted()).toEqual(scene.happened());
  expect(await scene.sum('llamacloud_exporter_project_up')).toBe(1);
}

describe('a fault that lasts', () => {
  it.each(LASTING)('of %s fails as %s and loses nothing', async (_, reason, fault) => {
    const scene = await Scene.start();
    scene.runEach();
    scene.fault(fault);
    expect(await scene.poll()).toBe(reason);
    expect(await scene.sum('llamacloud_exporter_project_up')).toBe(reason === null ? 1 : 0);
    expect((await scene.counted()).runs).toBeLessThanOrEqual(scene.happened().runs);
    await expectWhole(scene);
  });

  it.each(LASTING)('of %s from the second page on loses nothing', async (_, __, fault) => {
    const scene = await Scene.start();
    scene.runEach();
    scene.fault(fault, { endpoint: 'list', token: true });
    await scene.poll();
    expect((await scene.counted()).runs).toBeLessThanOrEqual(scene.happened().runs);
    await expectWhole(scene);
  });

  it('of wrong types everywhere fails a page of ten', async () => {
    const scene = await Scene.start('Support', { sessions: 10, pageSize: 10 });
    scene.runEach();
    scene.fault({ kind: 'wrong_types' });
    expect(await scene.poll()).toBe('malformed');
    await expectWhole(scene);
  });

  it.each([
    ['a body of 65 MiB', false],
    ['a gzip bomb', true],
  ])('of %s is cut off and loses nothing', async (_, gzip) => {
    const scene = await Scene.start();
    scene.runEach();
    scene.fault({ kind: 'huge', bytes: 65 * MIB, gzip });
    expect(['malformed', 'timeout']).toContain(await scene.poll());
    await expectWhole(scene);
  });
});

describe('a fault that passes', () => {
  it.each(PASSING)('of %s is got over by itself', async (_, fault) => {
    const scene = await Scene.start();
    scene.runEach();
    scene.fault(fault, { endpoint: 'list', times: 1, after: 1 });
    expect(await scene.poll()).toBe(null);
    expect(await scene.counted()).toEqual(scene.happened());
  });

  it('of an expired token makes the sweep start again', async () => {
    const scene = await Scene.start();
    scene.runEach();
    scene.fault({ kind: 'expire_token' }, { endpoint: 'list', token: true, after: 1, times: 1 });
    expect(await scene.poll()).toBe(null);
    expect(await scene.counted()).toEqual(scene.happened());
  });

  it('of an expired token in a head poll leaves the sweep around it alone', async () => {
    const scene = await Scene.start();
    scene.runEach();
    scene.clock.pass(120_000);
    scene.fault({ kind: 'expire_token' }, { endpoint: 'list', token: true, times: 1 });
    expect(await scene.poll()).toBe(null);
    expect(await scene.counted()).toEqual(scene.happened());
  });
});

describe('a redirect to another host', () => {
  it('is not followed, and the key stays', async () => {
    const asked: string[] = [];
    const thief = createServer((request, response) => {
      asked.push(String(request.headers.authorization));
      response.end('{"items":[]}');
    }).listen(0, '127.0.0.1');
    onTestFinished(() => void thief.close());
    await new Promise((resolve) => thief.once('listening', resolve));
    const scene = await Scene.start();
    scene.runEach();
    const location = `http://127.0.0.1:${(thief.address() as AddressInfo).port}/`;
    for (const status of [301, 302, 303, 307, 308]) {
      scene.simulator.faults.clear();
      scene.fault({ kind: 'redirect', location, status });
      expect(await scene.poll()).toBe('rejected');
    }
    expect(asked).toEqual([]);
    await expectWhole(scene);
  });
});
