/** Sends answers over the wire, whole or broken. */
import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import type { Delivery } from '../faults/deliveries.ts';
import type { Answer } from './answers.ts';
import { gather } from './answers.ts';

/** A reset overtakes bytes that the client has not read yet: it waits so long for them. */
const UNTIL_READ_MS = 25;

/** Sends an answer as a sound server does. A client that goes away is no error. */
export async function send(res: ServerResponse, answer: Answer, compress: boolean): Promise<void> {
  const { body } = answer;
  if (typeof body !== 'string' && !Buffer.isBuffer(body)) {
    res.writeHead(answer.status, answer.headers);
    await pipeline(Readable.from(body), res).catch(() => res.destroy());
    return;
  }
  const packed = compress && body.length > 1_000 && answer.headers['content-encoding'] === undefined;
  const bytes = packed ? gzipSync(body, { level: 1 }) : Buffer.from(body);
  const coding = packed ? { 'content-encoding': 'gzip', vary: 'accept-encoding' } : {};
  res.writeHead(answer.status, { ...answer.headers, ...coding, 'content-length': bytes.length });
  res.end(bytes);
}

/** Sends an answer as a broken one does. The whole body is at hand before anything breaks. */
export async function deliver(
  res: ServerResponse,
  answer: Answer,
  delivery: Delivery,
  signal: AbortSignal,
): Promise<void> {
  const body = await gather(answer.body);
  const head = (length: number): void => {
    res.writeHead(answer.status, { ...answer.headers, 'content-length': length });
  };
  switch (delivery.kind) {
    case 'hang':
      if (delivery.where === 'headers') return;
      head(body.length);
      res.write(body.subarray(0, body.length >> 1));
      return;
    case 'reset':
      if (delivery.after_bytes > 0) {
        head(body.length);
        await written(res, body.subarray(0, delivery.after_bytes));
        await sleep(UNTIL_READ_MS, undefined, { signal });
      }
      res.socket?.resetAndDestroy();
      return;
    case 'truncate': {
      const kept = body.subarray(0, Math.floor(body.length * delivery.keep));
      head(delivery.framing === 'valid' ? kept.length : body.length);
      await written(res, kept);
      if (delivery.framing === 'valid') res.end();
      else res.socket?.end();
      return;
    }
    case 'drip':
      head(body.length);
      await drip(res, body, delivery.bytes_per_second, signal);
      return;
  }
}

/** Ten pieces a second, until all is sent or nobody listens. */
async function drip(res: ServerResponse, body: Buffer, bytesPerSecond: number, signal: AbortSignal): Promise<void> {
  const step = Math.max(1, Math.round(bytesPerSecond / 10));
  for (let from = 0; from < body.length && !res.destroyed; from += step) {
    res.write(body.subarray(from, from + step));
    await sleep(100, undefined, { signal });
  }
  res.end();
}

/** Writes and waits until the bytes have left, so that a cut after them cuts there. */
function written(res: ServerResponse, bytes: Buffer): Promise<void> {
  return new Promise((resolve) => {
    res.flushHeaders();
    res.write(bytes, () => resolve());
  });
}
