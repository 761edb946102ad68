/** Requests as they go over the wire, with nothing added. */

import { type IncomingHttpHeaders, type RequestOptions, request } from 'node:http';
import { type RequestOptions as TlsRequestOptions, request as tlsRequest } from 'node:https';
import { connect } from 'node:net';

export type Answer = {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly text: string;
};

/** One request on a connection of its own; the body as it came, compressed where it is. */
export function get(
  url: string,
  options: RequestOptions & TlsRequestOptions & { body?: string } = {},
): Promise<Answer> {
  const { body, ...rest } = options;
  const ask = url.startsWith('https:') ? tlsRequest : request;
  return new Promise((resolve, reject) => {
    const sent = ask(url, { agent: false, ...rest }, (res) => {
      const chunks: Buffer[] = [];
      res.on('data', (chunk: Buffer) => chunks.push(chunk));
      res.on('error', reject);
      res.on('end', () => {
        const all = Buffer.concat(chunks);
        resolve({ status: res.statusCode ?? 0, headers: res.headers, body: all, text: all.toString() });
      });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

/** Sends bytes and answers all that comes back until the server closes, with the milliseconds that it took. */
export function raw(url: string, bytes: string): Promise<{ readonly text: string; readonly ms: number }> {
  const { hostname, port } = new URL(url);
  const began = performance.now();
  return new Promise((resolve) => {
    let text = '';
    const socket = connect(Number(port), hostname, () => socket.write(bytes));
    socket.on('data', (chunk) => {
      text += chunk.toString();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => resolve({ text, ms: performance.now() - began }));
  });
}
