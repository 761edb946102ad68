/** A load balancer of TCP connections: each new one goes to the next target that takes it. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

export class Balancer {
  readonly #server: Server;
  readonly #ports: () => readonly number[];
  readonly #sockets = new Set<Socket>();
  #next = 0;
  /** By port: connections that it took. */
  readonly served = new Map<number, number>();

  private constructor(ports: () => readonly number[]) {
    this.#ports = ports;
    this.#server = createServer((socket) => this.#serve(socket));
  }

  /** `ports`: of 127.0.0.1, those that are up now. */
  static async start(ports: () => readonly number[]): Promise<Balancer> {
    const balancer = new Balancer(ports);
    balancer.#server.listen(0, '127.0.0.1');
    await once(balancer.#server, 'listening');
    return balancer;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Cuts all connections, so that the next requests are balanced anew. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  stop(): void {
    this.cut();
    this.#server.close();
  }

  #serve(client: Socket): void {
    const ports = this.#ports();
    const port = ports[this.#next++ % ports.length];
    if (port === undefined) {
      client.destroy();
      return;
    }
    this.served.set(port, (this.served.get(port) ?? 0) + 1);
    const target = connect(port, '127.0.0.1');
    for (const [from, to] of [
      [client, target],
      [target, client],
    ] as const) {
      this.#sockets.add(from);
      from
        .on('error', () => to.destroy())
        .on('close', () => {
          this.#sockets.delete(from);
          to.destroy();
        });
      from.pipe(to);
    }
  }
}
