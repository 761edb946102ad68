/** Faults that answer in place of the service, or delay it: errors, proxies' pages, rate limits, redirects, huge bodies, latency. */
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { createGzip } from 'node:zlib';
import { z } from 'zod';
import type { Answer } from '../api/answers.ts';
import { jsonAnswer, Refusal, refusalAnswer } from '../api/answers.ts';
import { httpDate } from '../world/clock.ts';
import type { Micros } from '../world/types.ts';
import type { FaultContext, RuleState } from './context.ts';

const headers = z.record(z.string(), z.string()).default({});

/** `Retry-After` as seconds, as a date this many seconds from now (negative: past), or as any text. */
const retryAfter = z.union([
  z.strictObject({ seconds: z.number() }),
  z.strictObject({ date_in_seconds: z.number() }),
  z.strictObject({ text: z.string() }),
]);

/** Faults that answer in place of the service, or delay it, or act on the world before it answers. */
export const Interruption = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('status'), status: z.int(), detail: z.unknown().optional(), headers }),
  z.strictObject({ kind: z.literal('html'), status: z.int(), headers }),
  z.strictObject({
    kind: z.literal('body'),
    status: z.int().default(200),
    text: z.string(),
    content_type: z.string().default('application/json'),
  }),
  z.strictObject({
    kind: z.literal('rate_limited'),
    status: z.int().default(429),
    retry_after: retryAfter.nullable().default(null),
    retry_after_ms: z.number().nullable().default(null),
    should_retry: z.boolean().nullable().default(null),
  }),
  z.strictObject({
    kind: z.literal('rate_limit'),
    per_minute: z.number().positive(),
    burst: z.int().min(1).default(1),
  }),
  z.strictObject({ kind: z.literal('redirect'), location: z.string(), status: z.int().default(307) }),
  z.strictObject({ kind: z.literal('expire_token'), status: z.int().default(400) }),
  z.strictObject({ kind: z.literal('huge'), bytes: z.int(), gzip: z.boolean().default(false) }),
  z.strictObject({ kind: z.literal('latency'), ms: z.number(), jitter_ms: z.number().default(0) }),
  z.strictObject({ kind: z.literal('world'), commands: z.array(z.unknown()) }),
]);
export type Interruption = z.output<typeof Interruption>;

/** Applies the fault. An answer replaces the service's; after null the service answers. */
export async function interrupt(fault: Interruption, context: FaultContext): Promise<Answer | null> {
  const { call, world } = context;
  switch (fault.kind) {
    case 'status':
      return refusalAnswer(new Refusal(fault.status, fault.detail ?? `Simulated ${fault.status}`, fault.headers));
    case 'html':
      return {
        status: fault.status,
        headers: { 'content-type': 'text/html', ...fault.headers },
        body: proxyPage(fault.status),
      };
    case 'body':
      return { status: fault.status, headers: { 'content-type': fault.content_type }, body: fault.text };
    case 'rate_limited':
      return tooMany(fault.status, retryHeaders(fault, world.clock.now()));
    case 'rate_limit': {
      const waitSeconds = takeToken(context.state, fault, world.clock.now());
      return waitSeconds === 0 ? null : tooMany(429, { 'retry-after': String(Math.ceil(waitSeconds)) });
    }
    case 'redirect':
      return { status: fault.status, headers: { location: fault.location }, body: '' };
    case 'expire_token':
      return call.pageToken === null ? null : refusalAnswer(new Refusal(fault.status, 'Page token has expired'));
    case 'huge':
      return hugeAnswer(fault.bytes, fault.gzip);
    case 'latency':
      await sleep(fault.ms + context.state.random.next() * fault.jitter_ms, undefined, { signal: context.signal });
      return null;
    case 'world':
      for (const command of fault.commands) context.command(command);
      return null;
    default:
      return fault satisfies never;
  }
}

function retryHeaders(fault: Extract<Interruption, { kind: 'rate_limited' }>, now: number): Record<string, string> {
  const { retry_after: after } = fault;
  const found: Record<string, string> = {};
  if (after !== null) {
    if ('seconds' in after) found['retry-after'] = String(after.seconds);
    else if ('text' in after) found['retry-after'] = after.text;
    else found['retry-after'] = httpDate(now + after.date_in_seconds * 1_000_000);
  }
  if (fault.retry_after_ms !== null) found['retry-after-ms'] = String(fault.retry_after_ms);
  if (fault.should_retry !== null) found['x-should-retry'] = String(fault.should_retry);
  return found;
}

function tooMany(status: number, extra: Readonly<Record<string, string>>): Answer {
  return jsonAnswer(JSON.stringify({ detail: 'Rate limit exceeded' }), status, extra);
}

function proxyPage(status: number): string {
  return `<html>\r\n<head><title>${status}</title></head>\r\n<body>\r\n<center><h1>${status}</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n`;
}

const CHUNK = Buffer.alloc(256 * 1024, ' ');

/** A valid empty page inside this many bytes of white space; as a gzip bomb it is a thousandth of that on the wire. */
function hugeAnswer(bytes: number, gzip: boolean): Answer {
  const text = whiteSpace(bytes);
  if (!gzip) return jsonAnswer(text);
  const packed: AsyncIterable<Buffer> = Readable.from(text).pipe(createGzip());
  return jsonAnswer(packed, 200, { 'content-encoding': 'gzip' });
}

function* whiteSpace(bytes: number): Generator<Buffer> {
  yield Buffer.from('{"items":[');
  for (let left = bytes; left > 0; left -= CHUNK.length) yield CHUNK.subarray(0, Math.min(left, CHUNK.length));
  yield Buffer.from(']}');
}

const MINUTE: Micros = 60_000_000;

/**
 * Takes one token from a bucket that holds `burst` and fills by `per_minute`, by the world's clock.
 * @returns 0 if the request may pass, else the seconds until the next token
 */
function takeToken(state: RuleState, limit: { per_minute: number; burst: number }, now: Micros): number {
  const bucket = state.bucket ?? { tokens: limit.burst, at: now };
  const filled = bucket.tokens + (Math.max(0, now - bucket.at) * limit.per_minute) / MINUTE;
  const tokens = Math.min(limit.burst, filled);
  const passes = tokens >= 1;
  state.bucket = { tokens: passes ? tokens - 1 : tokens, at: now };
  return passes ? 0 : ((1 - tokens) * 60) / limit.per_minute;
}
