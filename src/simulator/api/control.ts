/** The simulator's own paths: `/_faults`, `/_truth`, `/_world` and `/_requests`. */
import type { Request, Response } from 'express';
import express from 'express';
import { ZodError, z } from 'zod';
import type { RuleInput, Switchboard } from '../faults/switchboard.ts';
import { isoMicros } from '../world/clock.ts';
import { runCommand } from '../world/commands.ts';
import { sessionTruth, worldTruth } from '../world/truth.ts';
import type { World } from '../world/world.ts';
import { pageNumber } from './page-tokens.ts';
import type { RequestRecord, Requests } from './requests.ts';

/** What the control paths act on. */
export interface Controls {
  readonly world: World;
  readonly faults: Switchboard;
  readonly requests: Requests;
}

/** The simulator's own paths, which the service does not have: faults, truth, world, counts of requests. They need no key. */
export function controlRoutes({ world, faults, requests }: Controls): express.Router {
  const router = express.Router();
  router.use(express.json({ limit: '16mb', strict: false }));
  router.get('/_faults', (_req, res) => void res.json(faults.list().map(shown)));
  router.post(
    '/_faults',
    answering(201, (req) => faults.add(...(asList(req.body) as RuleInput[])).map(shown)),
  );
  router.delete(
    '/_faults',
    answering(200, () => (faults.clear(), [])),
  );
  router.delete(
    '/_faults/:id',
    answering(200, (req) => (faults.clear(Number(req.params['id'])), faults.list().map(shown))),
  );
  router.get(
    '/_truth',
    answering(200, (req) => truth(world, req)),
  );
  router.post(
    '/_world',
    answering(200, (req) => asList(req.body).map((command) => runCommand(world, command))),
  );
  router.get(
    '/_requests',
    answering(200, (req) => requestCounts(requests, req)),
  );
  router.delete(
    '/_requests',
    answering(200, () => (requests.reset(), requests.summary())),
  );
  return router;
}

/** `GET /_truth?since=MICROSECONDS&sessions=true` */
function truth(world: World, req: Request): unknown {
  const since = Number(req.query['since'] ?? 0);
  const now = world.clock.now();
  const all = { now, now_iso: isoMicros(now), lives_since: world.livesSince, projects: worldTruth(world, since) };
  if (req.query['sessions'] !== 'true') return all;
  return { ...all, sessions: world.projects.all().flatMap((project) => project.sessions.map(sessionTruth)) };
}

/** `GET /_requests?sessions=true&log=true` */
function requestCounts(requests: Requests, { query }: Request): unknown {
  return {
    ...requests.summary(),
    ...(query['sessions'] === 'true' ? { histories: requests.bySession() } : {}),
    ...(query['log'] === 'true' ? { log: requests.log().map(logged) } : {}),
  };
}

/** A request without its headers, because they hold a key. */
function logged({ at, endpoint, projectId, sessionId, pageToken, faults }: RequestRecord): unknown {
  return { at, endpoint, project: projectId, session: sessionId, page: pageNumber(pageToken), faults };
}

function answering(status: number, act: (req: Request) => unknown) {
  return (req: Request, res: Response): void => {
    try {
      res.status(status).json(act(req));
    } catch (error) {
      res.status(400).json({ detail: error instanceof ZodError ? z.prettifyError(error) : String(error) });
    }
  };
}

function shown({ id, match, fault, seen, hits }: ReturnType<Switchboard['list']>[number]): unknown {
  return { id, match, fault, seen, hits };
}

function asList(body: unknown): unknown[] {
  return Array.isArray(body) ? body : [body];
}
