/** The first handler of every request: headers, authentication, path; then the metrics or the routes. */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';

import { sendText } from '../answer.ts';
import type { Scrape } from '../scrape/metrics.ts';
import type { Credentials, Verdict } from './credentials.ts';
import { answerOutside, originForm, partsBelow, withoutPrefix } from './target.ts';

export type HandlerParts = {
  /** As they are now: the web configuration may change. */
  readonly credentials: () => Credentials;
  /** Headers of answers that are given here, as they are now. */
  readonly headers: () => Readonly<Record<string, string>>;
  readonly telemetryPath: string;
  /** Of all paths: empty, or like `/llamacloud`. */
  readonly routePrefix: string;
  readonly scrape: Scrape;
  readonly routes: RequestListener;
};

/** Scrapes are answered without the detour by the routes: they are all that has to be fast. */
export function createHandler(parts: HandlerParts): RequestListener {
  const { credentials, telemetryPath, routePrefix, scrape, routes } = parts;
  const partOf = partsBelow(telemetryPath);
  const answer: RequestListener = (req, res) => {
    const target = withoutPrefix(req.url ?? '', routePrefix);
    if (target === null) return outside(req, res, parts);
    req.url = target;
    const part = partOf(target);
    if (part === null) routes(req, res);
    else void scrape(part, req, res);
  };
  return (req, res) => {
    req.url = originForm(req.url ?? '');
    if (hasBody(req)) return refuseBody(req, res, parts);
    const verdict = credentials().check(req.headers.authorization);
    if (verdict === 'known') return answer(req, res);
    void answerAllowed(verdict, () => answer(req, res), req, res, parts);
  };
}

function outside(req: IncomingMessage, res: ServerResponse, { headers, routePrefix }: HandlerParts): void {
  for (const [name, value] of Object.entries(headers())) res.setHeader(name, value);
  void answerOutside(req, res, routePrefix);
}

async function answerAllowed(
  verdict: Verdict | Promise<Verdict>,
  answer: () => void,
  req: IncomingMessage,
  res: ServerResponse,
  parts: HandlerParts,
): Promise<void> {
  const decided = await verdict;
  if (decided === 'known') return answer();
  for (const [name, value] of Object.entries(parts.headers())) res.setHeader(name, value);
  if (decided === 'busy')
    return sendText(req, res, 503, 'Too many passwords are being checked; try again.', { 'Retry-After': '1' });
  return sendText(req, res, 401, 'Authentication is required: give a user name and a password.', {
    'WWW-Authenticate': 'Basic realm="llamacloud-exporter", charset="UTF-8"',
  });
}

function hasBody(req: IncomingMessage): boolean {
  const length = req.headers['content-length'];
  return req.headers['transfer-encoding'] !== undefined || (length !== undefined && length !== '0');
}

/** Nothing here takes a body: it is not read, and the connection is closed behind the answer. */
function refuseBody(req: IncomingMessage, res: ServerResponse, { headers }: HandlerParts): void {
  for (const [name, value] of Object.entries(headers())) res.setHeader(name, value);
  void sendText(req, res, 413, 'No request body is taken here.', { Connection: 'close' });
}
