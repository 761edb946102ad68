/** Answers of the service: how they are made, measured and sent when no fault breaks them on the way. */
import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { gzipSync } from 'node:zlib';

/** What the service is about to send; faults may still change it. */
export interface Answer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Body;
}

/** A body that is complete, or made chunk by chunk while it is sent. */
export type Body = string | Buffer | Iterable<string | Buffer> | AsyncIterable<Buffer>;

/** An error that the service reports to its client: the `{"detail": ...}` of FastAPI. */
export class Refusal extends Error {
  readonly status: number;
  readonly detail: unknown;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, detail: unknown, headers: Readonly<Record<string, string>> = {}) {
    super(`${status}`);
    this.status = status;
    this.detail = detail;
    this.headers = headers;
  }
}

/** An answer of JSON text. */
export function jsonAnswer(text: Body, status = 200, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: text };
}

/** The answer to a refused request. */
export function refusalAnswer(refusal: Refusal): Answer {
  return jsonAnswer(JSON.stringify({ detail: refusal.detail }), refusal.status, refusal.headers);
}

/** 422 for one parameter, as FastAPI and Pydantic write it. */
export function unprocessable(name: string, type: string, msg: string, input: unknown): Refusal {
  return new Refusal(422, [{ type, loc: ['query', name], msg, input }]);
}

/** A body as one buffer. */
export async function wholeBody(body: Body): Promise<Buffer> {
  if (typeof body === 'string' || Buffer.isBuffer(body)) return Buffer.from(body);
  const parts: Buffer[] = [];
  for await (const part of body) parts.push(Buffer.from(part));
  return Buffer.concat(parts);
}

/** The same body; reports its bytes as they are made. */
export function measured(body: Body, report: (bytes: number) => void): Body {
  if (typeof body !== 'string' && !Buffer.isBuffer(body)) return measuredChunks(body, report);
  report(Buffer.byteLength(body));
  return body;
}

async function* measuredChunks(
  body: Iterable<string | Buffer> | AsyncIterable<Buffer>,
  report: (bytes: number) => void,
): AsyncGenerator<Buffer> {
  for await (const chunk of body) {
    const bytes = Buffer.from(chunk);
    report(bytes.length);
    yield bytes;
  }
}

/** Sends a whole answer. A client that disconnects is not an error. */
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
