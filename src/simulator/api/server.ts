/** The HTTP server of the simulated service: paths, start and stop. */
import type { Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { NextFunction, Request, Response } from 'express';
import express from 'express';
import { Switchboard } from '../faults/switchboard.ts';
import type { World } from '../world/world.ts';
import { controlRoutes } from './control.ts';
import { KeyRing } from './keys.ts';
import type { Call, Endpoint } from './requests.ts';
import { Requests } from './requests.ts';
import type { Service } from './service.ts';
import { serve } from './service.ts';

/** What a simulator needs to start. */
export interface SimulatorOptions {
  readonly world: World;
  /** 0 takes a free port. */
  readonly port: number;
  readonly host: string;
  /** The only key that is accepted; null: any that is not empty. More can be added to `keys`. */
  readonly apiKey: string | null;
  readonly compress: boolean;
}

/** A simulator that listens. */
export interface Simulator {
  readonly url: string;
  readonly port: number;
  readonly world: World;
  readonly faults: Switchboard;
  readonly requests: Requests;
  readonly keys: KeyRing;
  /** Ends all connections, hanging ones too. */
  stop(): Promise<void>;
}

const PATHS: readonly (readonly [path: string, endpoint: Endpoint])[] = [
  ['/api/v1/chat', 'list'],
  ['/api/v1/chat/:session', 'session'],
  ['/api/v1/chat/:session/summary', 'summary'],
  ['/api/v1/projects', 'projects'],
  ['/api/v1/projects/:project', 'project'],
  ['/api/v2/projects', 'projects_v2'],
  ['/api/v2/projects/:project', 'project'],
];

/**
 * Starts the service over a world; on loopback and a free port unless told otherwise.
 * @throws the system's error if it cannot listen on the address
 */
export async function startSimulator(
  options: Pick<SimulatorOptions, 'world'> & Partial<SimulatorOptions>,
): Promise<Simulator> {
  const { world, port, host, apiKey, compress } = {
    port: 0,
    host: '127.0.0.1',
    apiKey: null,
    compress: false,
    ...options,
  };
  const ending = new AbortController();
  const parts = { world, faults: new Switchboard(world), requests: new Requests(), keys: new KeyRing() };
  if (apiKey !== null) parts.keys.allow(apiKey);
  const server = createServer(application({ ...parts, compress, signal: ending.signal }));
  server.keepAliveTimeout = 60_000;
  await listening(server, port, host);
  const bound = (server.address() as AddressInfo).port;
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${bound}`;
  const stop = (): Promise<void> => {
    ending.abort();
    return stopped(server);
  };
  return { ...parts, url, port: bound, stop };
}

function application(service: Service): express.Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.use(controlRoutes(service));
  for (const [path, endpoint] of PATHS) {
    app.get(path, (req, res) => serve(service, callOf(req, endpoint), req, res));
    app.all(path, (_req, res) => void res.status(405).json({ detail: 'Method Not Allowed' }));
  }
  app.use((_req, res) => void res.status(404).json({ detail: 'Not Found' }));
  app.use((error: unknown, _req: Request, res: Response, _next: NextFunction) => failed(service, error, res));
  return app;
}

/** A bug in the simulator itself shows as 500; while it stops, the connection just ends. */
function failed(service: Service, error: unknown, res: Response): void {
  if (res.headersSent || service.signal.aborted) res.destroy();
  else res.status(500).json({ detail: `Simulator failed: ${String(error)}` });
}

function callOf(req: Request, endpoint: Endpoint): Call {
  const url = new URL(req.originalUrl, 'http://simulator');
  const query = url.searchParams;
  return {
    endpoint,
    path: url.pathname,
    query,
    projectId: param(req, 'project') ?? query.get('project_id'),
    sessionId: param(req, 'session'),
    pageToken: query.get('page_token') || null,
  };
}

function param(req: Request, name: string): string | null {
  const value = req.params[name];
  return typeof value === 'string' ? value : null;
}

function listening(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.removeListener('error', reject);
      resolve();
    });
  });
}

function stopped(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
