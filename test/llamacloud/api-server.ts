/** A small HTTP server on loopback that answers as a test scripts it, and remembers what it was asked. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { brotliCompressSync, gzipSync } from 'node:zlib';

export type Script = (request: IncomingMessage, response: ServerResponse, number: number) => void;

export type ApiServer = {
  readonly url: string;
  /** URLs asked for, in order. */
  readonly asked: string[];
  /** `Authorization` headers received, in order. */
  readonly keys: (string | undefined)[];
  script: Script;
  close(): Promise<void>;
};

export async function startApi(script: Script): Promise<ApiServer> {
  const server = createServer((request, response) => {
    api.asked.push(request.url ?? '');
    api.keys.push(request.headers.authorization);
    api.script(request, response, api.asked.length);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.closeAllConnections();
      server.close(() => resolve());
    });
  const api: ApiServer = { url: `http://127.0.0.1:${port}`, asked: [], keys: [], script, close };
  return api;
}

export type Reply = {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body?: unknown;
};

/** Answers JSON (or a string or bytes as they are). */
export function reply(response: ServerResponse, { status = 200, headers = {}, body = {} }: Reply): void {
  const bytes = typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(bytes);
}

/** Answers each request with the next of `replies`, the last one again and again. */
export function inTurn(...replies: readonly Reply[]): Script {
  return (_, response, number) => reply(response, replies[Math.min(number, replies.length) - 1] as Reply);
}

export const packers = { gzip: gzipSync, br: brotliCompressSync } as const;
