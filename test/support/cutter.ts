/** A TCP proxy that breaks connections at the worst moment. */
import { createConnection, createServer, type Server, type Socket } from 'node:net';

/** What happens to the next piece that a client sends with the marked text in it. */
export type Fault =
  /** It never reaches the server. */
  | 'lose the question'
  /** The server carries it out; its answer is lost. */
  | 'lose the answer'
  /** The connection is cut, and the server gets it only with `release`. */
  | 'deliver late';

export class Cutter {
  readonly port: number;
  readonly #server: Server;
  readonly #target: number;
  readonly #sockets = new Set<Socket>();
  #fault: { readonly fault: Fault; readonly mark: string } | null = null;
  #isDown = false;
  #late: (() => void) | null = null;
  /** Faults that have happened. */
  cuts = 0;

  private constructor(server: Server, port: number, target: number) {
    this.#server = server;
    this.port = port;
    this.#target = target;
    server.on('connection', (client) => this.#serve(client));
  }

  /** Listens on loopback and leads to `target` there. */
  static start(target: number): Promise<Cutter> {
    const server = createServer();
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(0, '127.0.0.1', () => {
        const address = server.address();
        if (address === null || typeof address === 'string') reject(new Error('no port'));
        else resolve(new Cutter(server, address.port, target));
      });
    });
  }

  /** Arms one fault. */
  arm(fault: Fault, mark: string): void {
    this.#fault = { fault, mark };
  }

  /** While down, connections are cut and new ones end at once. */
  setDown(isDown: boolean): void {
    this.#isDown = isDown;
    if (isDown) for (const socket of this.#sockets) socket.destroy();
  }

  /** Delivers what was held back. */
  release(): void {
    this.#late?.();
    this.#late = null;
  }

  stop(): void {
    this.setDown(true);
    this.#server.close();
  }

  #serve(client: Socket): void {
    if (this.#isDown) {
      client.destroy();
      return;
    }
    const server = createConnection({ port: this.#target, host: '127.0.0.1' });
    let isAnswerLost = false;
    for (const socket of [client, server]) {
      this.#sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => this.#sockets.delete(socket));
    }
    client.on('data', (piece) => {
      const fault = this.#take(piece);
      if (fault === 'lose the answer') isAnswerLost = true;
      if (fault === null || fault === 'lose the answer') server.write(piece);
      else client.destroy();
      if (fault === 'deliver late') this.#late = () => void server.end(piece);
      if (fault === 'lose the question') server.destroy();
    });
    server.on('data', (piece) => {
      if (!isAnswerLost) client.write(piece);
      else for (const socket of [client, server]) socket.destroy();
    });
    client.on('close', () => {
      if (this.#late === null) server.destroy();
    });
    server.on('close', () => client.destroy());
  }

  #take(piece: Buffer | string): Fault | null {
    if (this.#fault === null || !piece.includes(this.#fault.mark)) return null;
    const { fault } = this.#fault;
    this.#fault = null;
    this.cuts++;
    return fault;
  }
}
