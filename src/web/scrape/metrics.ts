/** Answers a scrape from the rendered snapshot; 503 where a shared state could not be read, or too many scrapes come at once. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';

import { ExporterError } from '../../domain/errors.ts';
import type { Logger } from '../../domain/logger.ts';
import { CONTENT_TYPES, type Format, type Part, type SnapshotSource } from '../../domain/serving.ts';
import { reasonOf, sendText } from '../answer.ts';
import { acceptsGzip, formatFor, remembering } from './negotiate.ts';
import type { ScrapeLimit } from './scrape-limit.ts';

export type MetricsParts = {
  readonly snapshot: SnapshotSource;
  readonly scrapeLimit: ScrapeLimit;
  readonly logger: Logger;
  /** Raw pairs of headers for every scrape, as they are now. */
  readonly headers: () => readonly string[];
};

/** Headers of every scrape, whatever its format. */
const COMMON = ['Cache-Control', 'no-store', 'Vary', 'Accept, Accept-Encoding'] as const;

export type Scrape = (part: Part, req: IncomingMessage, res: ServerResponse) => Promise<void>;

export function createScrape({ snapshot, scrapeLimit, logger, headers }: MetricsParts): Scrape {
  const format = remembering(formatFor);
  const gzip = remembering(acceptsGzip);
  return async (part, req, res) => {
    if (req.method !== 'GET' && req.method !== 'HEAD') return refuseMethod(req, res);
    if (!scrapeLimit.enter(res)) return refuseNow(req, res);
    const wanted = { snapshot, part, format: format(req.headers.accept) };
    const head = ['Content-Type', CONTENT_TYPES[wanted.format], ...COMMON, ...headers()];
    try {
      if (gzip(req.headers['accept-encoding'])) await sendGzip(wanted, req, res, head);
      else if (req.method === 'HEAD') await sendHead(wanted, res, head);
      else await sendIdentity(wanted, res, head);
    } catch (error) {
      failed(req, res, error, logger);
    }
  };
}

type Wanted = { readonly snapshot: SnapshotSource; readonly part: Part; readonly format: Format };

async function sendGzip(
  { snapshot, part, format }: Wanted,
  req: IncomingMessage,
  res: ServerResponse,
  head: string[],
): Promise<void> {
  const body = await snapshot.gzip(part, format);
  res.writeHead(200, [...head, 'Content-Encoding', 'gzip', 'Content-Length', String(body.length)]);
  if (req.method === 'HEAD') res.end();
  else res.end(body);
}

/** Says what GET would say, a refusal too. */
async function sendHead({ snapshot, part, format }: Wanted, res: ServerResponse, head: string[]): Promise<void> {
  await snapshot.gzip(part, format);
  res.writeHead(200, head).end();
}

async function sendIdentity({ snapshot, part, format }: Wanted, res: ServerResponse, head: string[]): Promise<void> {
  const body = await snapshot.identity(part, format);
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

/** A gap in the series harms nothing, older values would; the next connection may lead to a member that has them. */
function refuseProjects(req: IncomingMessage, res: ServerResponse, error: ExporterError): Promise<void> {
  const text = `The metrics of the projects cannot be shown now. ${reasonOf(error)}`;
  return sendText(req, res, 503, text, { Connection: 'close' });
}

function failed(req: IncomingMessage, res: ServerResponse, error: unknown, logger: Logger): void {
  if (isClientGone(error)) {
    logger.debug('A scrape was given up by the client');
    return;
  }
  if (error instanceof ExporterError && !res.headersSent) {
    logger.debug('A scrape of the projects was refused', { reason: error.message });
    void refuseProjects(req, res, error);
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
