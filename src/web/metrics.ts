/** Answers a scrape with the buffer that is there: nothing is rendered, computed or asked for. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';

import type { Logger } from '../domain/logger.ts';
import { CONTENT_TYPES, type Format, type SnapshotSource } from '../domain/serving.ts';
import { sendText } from './answer.ts';
import type { ScrapeGate } from './gate.ts';
import { acceptsGzip, formatFor, remembering } from './negotiate.ts';

export type MetricsParts = {
  readonly snapshot: SnapshotSource;
  readonly gate: ScrapeGate;
  readonly logger: Logger;
  /** Raw pairs of headers for every scrape, as they are now. */
  readonly headers: () => readonly string[];
};

/** Headers of every scrape, whatever its format. */
const COMMON = ['Cache-Control', 'no-store', 'Vary', 'Accept, Accept-Encoding'] as const;

export type Scrape = (req: IncomingMessage, res: ServerResponse) => Promise<void>;

export function createScrape({ snapshot, gate, logger, headers }: MetricsParts): Scrape {
  const format = remembering(formatFor);
  const gzip = remembering(acceptsGzip);
  return async (req, res) => {
    if (req.method !== 'GET' && req.method !== 'HEAD') return refuseMethod(req, res);
    if (!gate.enter(res)) return refuseNow(req, res);
    const chosen = format(req.headers.accept);
    const head = ['Content-Type', CONTENT_TYPES[chosen], ...COMMON, ...headers()];
    try {
      if (gzip(req.headers['accept-encoding'])) await sendGzip(snapshot, chosen, req, res, head);
      else await sendIdentity(snapshot, chosen, req, res, head);
    } catch (error) {
      failed(req, res, error, logger);
    }
  };
}

async function sendGzip(
  snapshot: SnapshotSource,
  format: Format,
  req: IncomingMessage,
  res: ServerResponse,
  head: string[],
): Promise<void> {
  const body = await snapshot.gzip(format);
  res.writeHead(200, [...head, 'Content-Encoding', 'gzip', 'Content-Length', String(body.length)]);
  if (req.method === 'HEAD') res.end();
  else res.end(body);
}

async function sendIdentity(
  snapshot: SnapshotSource,
  format: Format,
  req: IncomingMessage,
  res: ServerResponse,
  head: string[],
): Promise<void> {
  if (req.method === 'HEAD') {
    res.writeHead(200, head).end();
    return;
  }
  const body = await snapshot.identity(format);
  res.writeHead(200, head);
  await pipeline(body, res);
}

function refuseMethod(req: IncomingMessage, res: ServerResponse): Promise<void> {
  return sendText(req, res, 405, `${req.method} is not supported here.`, { Allow: 'GET, HEAD' });
}

function refuseNow(req: IncomingMessage, res: ServerResponse): Promise<void> {
  const text = 'Too many scrapes at once (--web.max-requests); try again later.';
  return sendText(req, res, 503, text, { 'Retry-After': '5' });
}

function failed(req: IncomingMessage, res: ServerResponse, error: unknown, logger: Logger): void {
  if (isClientGone(error)) {
    logger.debug('A scrape was given up by the client');
    return;
  }
  logger.error('The metrics could not be rendered', { error });
  if (res.headersSent) res.destroy();
  else void sendText(req, res, 500, 'The metrics could not be rendered; the log says why.');
}

function isClientGone(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  return code === 'ERR_STREAM_PREMATURE_CLOSE' || code === 'EPIPE' || code === 'ECONNRESET';
}
