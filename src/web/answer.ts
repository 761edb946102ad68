/** Sends small answers: text, JSON and pages, compressed if accepted; not cacheable unless stated. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

import { acceptsGzip } from './scrape/negotiate.ts';

const compress = promisify(gzip);

/** Bodies below this many characters are not worth compressing. */
const WORTH_COMPRESSING = 1024;

export const TEXT = 'text/plain; charset=utf-8';
export const HTML = 'text/html; charset=utf-8';
export const JSON_TYPE = 'application/json; charset=utf-8';

export type Answer = {
  readonly status: number;
  readonly type: string;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
};

/** Headers that were set on `res` before stay; those of the answer win. */
export async function send(req: IncomingMessage, res: ServerResponse, answer: Answer): Promise<void> {
  const isCompressed = answer.body.length >= WORTH_COMPRESSING && acceptsGzip(header(req, 'accept-encoding'));
  const body = isCompressed ? await compress(answer.body) : Buffer.from(answer.body);
  res.writeHead(answer.status, {
    'Content-Type': answer.type,
    'Cache-Control': 'no-store',
    Vary: 'Accept-Encoding',
    ...(isCompressed ? { 'Content-Encoding': 'gzip' } : {}),
    'Content-Length': body.length,
    ...answer.headers,
  });
  res.end(req.method === 'HEAD' ? undefined : body);
}

/** One plain sentence, and nothing else: what went wrong inside is for the log. */
export function sendText(
  req: IncomingMessage,
  res: ServerResponse,
  status: number,
  text: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<void> {
  return send(req, res, { status, type: TEXT, body: `${text}\n`, headers });
}

/** What is wrong and what to do about it, in sentences. */
export function reasonOf({ message, fix }: { readonly message: string; readonly fix: string }): string {
  return `${message.replace(/[.]$/, '')}. ${fix}`;
}

/** A header that Node may give as a list, as one text. */
export function header(req: IncomingMessage, name: string): string | undefined {
  const value = req.headers[name];
  return Array.isArray(value) ? value.join(', ') : value;
}
