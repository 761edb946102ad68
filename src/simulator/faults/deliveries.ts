/** Faults on the way over the wire: answers that hang, are reset, are cut short or come slowly. */
import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { Answer } from '../api/answers.ts';
import { wholeBody } from '../api/answers.ts';

/** How an answer is sent wrongly. */
export const Delivery = z.discriminatedUnion('kind', [
  /** Nothing comes, or half of the body and then nothing, until the client or the service gives up. */
  z.strictObject({ kind: z.literal('hang'), where: z.enum(['headers', 'body']).default('headers') }),
  /** The connection is reset: before the headers, or after so many bytes of the body. */
  z.strictObject({ kind: z.literal('reset'), after_bytes: z.int().min(0).default(0) }),
  /** Part of the body only: the connection ends too early (`broken`), or all looks well but the text (`valid`). */
  z.strictObject({
    kind: z.literal('truncate'),
    keep: z.number().min(0).max(1).default(0.5),
    framing: z.enum(['broken', 'valid']).default('broken'),
  }),
  /** The body comes slowly. */
  z.strictObject({ kind: z.literal('drip'), bytes_per_second: z.number().positive() }),
]);
export type Delivery = z.output<typeof Delivery>;

/** A reset overtakes bytes that the client has not read yet, so it waits this long for them, in milliseconds. */
const UNTIL_READ_MS = 25;

/** Sends an answer with the fault in it. The whole body is made before anything breaks. */
export async function deliver(
  res: ServerResponse,
  answer: Answer,
  delivery: Delivery,
  signal: AbortSignal,
): Promise<void> {
  const body = await wholeBody(answer.body);
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

/** Sends ten chunks a second, until all is sent or the client is gone. */
async function drip(res: ServerResponse, body: Buffer, bytesPerSecond: number, signal: AbortSignal): Promise<void> {
  const step = Math.max(1, Math.round(bytesPerSecond / 10));
  for (let from = 0; from < body.length && !res.destroyed; from += step) {
    res.write(body.subarray(from, from + step));
    await sleep(100, undefined, { signal });
  }
  res.end();
}

/** Writes and waits until the bytes have left, so that what breaks next breaks exactly after them. */
function written(res: ServerResponse, bytes: Buffer): Promise<void> {
  return new Promise((resolve) => {
    res.flushHeaders();
    res.write(bytes, () => resolve());
  });
}
