/** Free ports for the demo. */
import { createServer } from 'node:net';

export type Port = { readonly port: number; readonly taken: boolean };

/** The wanted port of 127.0.0.1, or any free one where it is taken. */
export async function freePort(wanted: number): Promise<Port> {
  const port = await listenable(wanted);
  return port === null ? { port: (await listenable(0)) ?? 0, taken: true } : { port, taken: false };
}

/** The port, if it can be listened on; for 0 the one that the system chose. */
function listenable(port: number): Promise<number | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(null));
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : null));
    });
  });
}
