/**
 * The API that the figures are measured against, in a process of its own: nothing but pre-serialised pages over node:http.
 * `/w/NAME` is the base URL of a world. `POST /_worlds`, `POST /_worlds/NAME` (a change), `GET` (its requests) and `DELETE` control
 * it. Prints its port when it listens, and ends when its standard input does.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { type Change, World, type WorldSpec } from './worlds.ts';

const worlds = new Map<string, World>();
let seed = 0;
const HISTORY = '/api/v1/chat/';

function send(response: ServerResponse, status: number, body: Buffer | string): void {
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
  response.end(body);
}

function serve(world: World, path: string, query: URLSearchParams, response: ServerResponse): void {
  if (path === '/api/v1/projects') return send(response, 200, world.projectsJson);
  const [project, token] = [query.get('project_id') ?? '', query.get('page_token')];
  const isPage = path === '/api/v1/chat' && world.page(project, token, (body) => send(response, 200, body));
  const id = path.startsWith(HISTORY) ? decodeURIComponent(path.slice(HISTORY.length)) : null;
  const isHistory = id !== null && world.history(project, id, (body) => send(response, 200, body));
  if (!isPage && !isHistory) send(response, 404, '{"detail":"Not Found"}');
}

async function control(name: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await text(request);
  if (request.method === 'POST' && name === '') {
    const spec = JSON.parse(body) as WorldSpec;
    const world = new World(spec, ++seed);
    worlds.set(spec.name, world);
    return send(response, 201, JSON.stringify({ projectIds: world.projectIds }));
  }
  const world = worlds.get(name);
  if (world === undefined) return send(response, 404, '{}');
  if (request.method === 'POST') {
    const at = world.change(JSON.parse(body) as Change);
    return send(response, 200, JSON.stringify({ at }));
  }
  if (request.method === 'DELETE') worlds.delete(name);
  send(response, 200, JSON.stringify({ requests: world.requests, histories: world.histories }));
}

const server = createServer((request, response) => {
  const url = request.url ?? '/';
  const mark = url.indexOf('?');
  const path = mark < 0 ? url : url.slice(0, mark);
  if (path.startsWith('/_worlds')) {
    void control(path.slice('/_worlds/'.length), request, response);
    return;
  }
  const end = path.indexOf('/', 3);
  const world = worlds.get(path.slice(3, end));
  if (world === undefined) send(response, 404, '{"detail":"Not Found"}');
  else serve(world, path.slice(end), new URLSearchParams(mark < 0 ? '' : url.slice(mark)), response);
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => process.stdout.write(`${(server.address() as AddressInfo).port}\n`));
process.stdin.resume().on('end', () => process.exit());
