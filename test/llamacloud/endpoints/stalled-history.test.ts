/** A history that stops coming half way is given up as any other answer is. */
import { expect, it } from 'vitest';
import { packers, type Script } from '../api-server.ts';
import { item, never, PROJECT, start } from '../harness.ts';

const whole = Buffer.from(JSON.stringify({ ...item(), events: Array.from({ length: 1000 }, (_, i) => ({ i })) }));

it.each(['identity', 'gzip', 'br'] as const)(
  'a history (%s) that stalls after its first half is a timeout',
  async (encoding) => {
    const bytes = encoding === 'identity' ? whole : packers[encoding](whole);
    const stall: Script = (_, response) => {
      const headers = { 'content-type': 'application/json', 'content-encoding': encoding };
      response.writeHead(200, { ...headers, 'content-length': bytes.length });
      response.write(bytes.subarray(0, bytes.length >> 1));
    };
    const { source } = await start(stall, { requestTimeoutMs: 300 });
    const answer = await source.history({ projectId: PROJECT, sessionId: 'ses-1' }, never);
    expect(answer).toMatchObject({ error: { code: 'timeout' } });
  },
);
