/** A real forward proxy on loopback: requests in absolute form, and CONNECT. It remembers what went through. */
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';

export type ProxyServer = {
  readonly url: string;
  /** `GET http://...` and `CONNECT host:port`, in order. */
  readonly passed: string[];
  close(): Promise<void>;
};

/** `credentials`: `user:password` that a client must show; null: nobody must. `refusal`: a status for every CONNECT. */
export async function startProxy(
  credentials: string | null = null,
  refusal: number | null = null,
): Promise<ProxyServer> {
  const passed: string[] = [];
  const wanted = credentials === null ? null : `Basic ${Buffer.from(credentials).toString('base64')}`;
  const isKnown = ({ headers }: IncomingMessage): boolean =>
    wanted === null || headers['proxy-authorization'] === wanted;
  const server = createServer((req, res) => (isKnown(req) ? forward(req, res, passed) : res.writeHead(407).end()));
  server.on('connect', (req: IncomingMessage, socket: Socket) => {
    socket.on('error', () => {});
    const status = isKnown(req) ? refusal : 407;
    if (status === null) tunnel(req.url ?? '', socket, passed);
    else socket.end(`HTTP/1.1 ${status} No\r\n\r\n`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { url: `http://${credentials === null ? '' : `${credentials}@`}127.0.0.1:${port}`, passed, close };
}

function forward(req: IncomingMessage, res: ServerResponse, passed: string[]): void {
  passed.push(`${req.method} ${req.url}`);
  const { 'proxy-authorization': _, ...headers } = req.headers;
  const onward = request(req.url ?? '', { method: req.method ?? 'GET', headers }, (answer) => {
    res.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(res);
  });
  onward.on('error', () => res.writeHead(502).end());
  req.pipe(onward);
}

function tunnel(target: string, socket: Socket, passed: string[]): void {
  passed.push(`CONNECT ${target}`);
  const [, host = '', port = ''] = /^(.*):(\d+)$/.exec(target) ?? [];
  const onward = connect(Number(port), host, () => {
    socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
    onward.pipe(socket).pipe(onward);
  });
  for (const end of [onward, socket])
    end.on('error', () => void onward.destroy()).on('close', () => void socket.destroy());
}
