/** All paths except the metrics, as an express application. */
import express, { type Express, type NextFunction, type Request, type RequestHandler, type Response } from 'express';

import type { Logger } from '../../domain/logger.ts';
import type { SnapshotSource, StatusSource } from '../../domain/serving.ts';
import { HTML, JSON_TYPE, reasonOf, send, sendText } from '../answer.ts';
import { ASSETS, type Asset } from '../page/assets/assets.ts';
import { fragment, page } from '../page/overview/page.ts';
import { parseView } from '../page/overview/sort.ts';
import { notFound } from './not-found.ts';
import { type ProjectRouteParts, sendProject, sendProjectFragment } from './project.ts';
import { type ReloadParts, reload } from './reload.ts';
import { sendSessions } from './sessions.ts';

export type RouteParts = Omit<ReloadParts, 'isEnabled'> &
  ProjectRouteParts & {
    readonly snapshot: SnapshotSource;
    readonly enableLifecycle: boolean;
    /** Headers of every page, as they are now. */
    readonly headers: () => Readonly<Record<string, string>>;
  };

/** Headers are set before any route answers, so that errors carry them as well. */
export function createRoutes(parts: RouteParts): Express {
  const app = express();
  app.disable('x-powered-by').disable('etag').enable('case sensitive routing').enable('strict routing');
  app.set('query parser', false);
  app.use((_, res, next) => {
    for (const [name, value] of Object.entries(parts.headers())) res.setHeader(name, value);
    next();
  });
  addPages(app, parts);
  addProjects(app, parts);
  addHealth(app, parts);
  app.use((req, res) => notFound(req, res));
  app.use(onError(parts.logger));
  return app;
}

function addPages(app: Express, { status, telemetryPath }: RouteParts): void {
  read(app, '/', (req, res) =>
    send(req, res, { status: 200, type: HTML, body: page(status.status(), viewOf(req), { telemetryPath }) }),
  );
  read(app, '/fragment', (req, res) =>
    send(req, res, { status: 200, type: HTML, body: fragment(status.status(), viewOf(req)) }),
  );
  read(app, '/api/v1/status', (req, res) =>
    send(req, res, { status: 200, type: JSON_TYPE, body: `${JSON.stringify(status.status())}\n` }),
  );
  for (const [name, asset] of Object.entries(ASSETS))
    read(app, `/assets/${name}`, (req, res) => sendAsset(req, res, asset));
}

function addProjects(app: Express, parts: RouteParts): void {
  read(app, '/projects/:id', (req, res) => sendProject(req, res, parts, idOf(req), paramsOf(req)));
  read(app, '/projects/:id/fragment', (req, res) => sendProjectFragment(req, res, parts, idOf(req), paramsOf(req)));
  read(app, '/api/v1/projects/:id/sessions', (req, res) =>
    sendSessions(req, res, parts.sessions, idOf(req), paramsOf(req)),
  );
}

function addHealth(app: Express, parts: RouteParts): void {
  read(app, '/-/healthy', (req, res) => sendText(req, res, 200, 'Healthy.'));
  read(app, '/-/ready', (req, res) => sendReady(req, res, parts));
  const handle: RequestHandler = (req, res) => reload(req, res, { ...parts, isEnabled: parts.enableLifecycle });
  app.route('/-/reload').post(handle).put(handle).all(only('POST, PUT'));
}

/** A state that several processes share is asked, so that one whose database is away gets no scrapes, and gets them again afterwards. */
async function sendReady(req: Request, res: Response, { snapshot, status }: RouteParts): Promise<void> {
  const refusal = await snapshot.check();
  if (refusal === null && snapshot.ready()) return sendText(req, res, 200, 'Ready.');
  const why = refusal === null ? notReady(status) : reasonOf(refusal);
  return sendText(req, res, 503, `Not ready: ${why}`, { 'Retry-After': '5' });
}

/** Says why, where a problem is known: a key that is refused, a selection that matches nothing. */
function notReady(status: StatusSource): string {
  const problem = status.status().problems.find(({ resolved }) => !resolved);
  const why = problem === undefined ? '' : ` ${reasonOf(problem)}`;
  return `no project has been published yet.${why}`;
}

type Handler = (req: Request, res: Response) => Promise<void>;

/** Express answers HEAD by the handler of GET. */
function read(app: Express, path: string, handler: Handler): void {
  app.route(path).get(handler).all(only('GET, HEAD'));
}

function only(allowed: string): Handler {
  return (req, res) => sendText(req, res, 405, `${req.method} is not supported here.`, { Allow: allowed });
}

function viewOf(req: Request) {
  return parseView(paramsOf(req));
}

function paramsOf(req: Request): URLSearchParams {
  const query = req.url.indexOf('?');
  return new URLSearchParams(query === -1 ? '' : req.url.slice(query));
}

function idOf(req: Request): string {
  const { id } = req.params;
  return typeof id === 'string' ? id : '';
}

/** An address with the hash of what is there may be kept; one without, or with another hash, may not. */
function sendAsset(req: Request, res: Response, asset: Asset): Promise<void> {
  const isCurrent = req.url.endsWith(`?v=${asset.hash}`);
  const headers = isCurrent ? { 'Cache-Control': 'private, max-age=31536000, immutable' } : {};
  return send(req, res, { status: 200, type: asset.type, body: asset.body, headers });
}

/** The fourth parameter is how express knows an error handler. */
function onError(logger: Logger) {
  return async (error: unknown, req: Request, res: Response, _next: NextFunction): Promise<void> => {
    if (res.headersSent) {
      res.destroy();
      return;
    }
    if (isBadRequest(error)) return sendText(req, res, 400, 'The request cannot be understood.');
    logger.error('A page could not be rendered', { path: req.path, error });
    await sendText(req, res, 500, 'This page could not be rendered; the log says why.');
  };
}

/** Express gives errors that are the client's own a status. */
function isBadRequest(error: unknown): boolean {
  return error instanceof URIError || (error instanceof Error && 'status' in error && error.status === 400);
}
