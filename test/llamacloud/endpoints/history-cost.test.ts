/** Reading an event history of 100 MB takes far less memory than that. */
import { execFile } from 'node:child_process';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Script, startApi } from '../api-server.ts';

const run = promisify(execFile);
const MEGABYTE = 1024 * 1024;

/** Sends a history made of `events`, one text each, never more of it in memory than the socket takes. */
function sendHistory(response: ServerResponse, id: string, events: Iterable<string>): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.write(`{"session_id":"${id}","last_updated_at":"2026-01-01T00:00:00","events":[`);
  const all = events[Symbol.iterator]();
  const more = (): void => {
    let next = all.next();
    while (!next.done && response.write(next.value)) next = all.next();
    if (next.done) response.end('{"type":"text","content":"bye"}]}');
    else response.once('drain', more);
  };
  more();
}

function* manyEvents(bytes: number): Generator<string> {
  const text = JSON.stringify({ type: 'text_delta', content: 'a few words of an answer '.repeat(40) });
  const stop = JSON.stringify({ type: 'stop', is_error: false, error: null, usage: { turns: 1 } });
  for (let sent = 0; sent < bytes; sent += MEGABYTE) {
    yield `${`${text},`.repeat(Math.floor(MEGABYTE / (text.length + 1)))}${stop},`;
  }
}

function* oneLargeEvent(bytes: number): Generator<string> {
  yield '{"type":"tool_result","call_id":"c","name":"n","result":"';
  for (let sent = 0; sent < bytes; sent += MEGABYTE) yield 'z'.repeat(MEGABYTE);
  yield '"},';
}

async function cost(megabytes: number, large: (bytes: number) => Iterable<string>) {
  const script: Script = (request, response) => {
    const isLarge = request.url?.includes('/large?') ?? false;
    sendHistory(response, isLarge ? 'large' : 'small', isLarge ? large(megabytes * MEGABYTE) : manyEvents(MEGABYTE));
  };
  const api = await startApi(script);
  onTestFinished(() => api.close());
  const child = join(import.meta.dirname, 'history-child.ts');
  const { stdout } = await run(process.execPath, [child, api.url]);
  return JSON.parse(stdout) as { stops: number; megabytes: number };
}

describe('a history of 100 MB', () => {
  it.each([
    ['of many events', manyEvents, 100],
    ['of one event', oneLargeEvent, 0],
  ])(
    '%s costs a fraction of itself',
    async (_, events, runs) => {
      const { stops, megabytes } = await cost(100, events);
      expect(stops).toBe(runs);
      // Most of it is chunks that V8 has not collected yet, however long the history is.
      expect(megabytes).toBeLessThan(90);
    },
    120_000,
  );
});
