/** PgBouncer in transaction mode before a server of the tests. */
import { type ChildProcess, spawn } from 'node:child_process';
import { chownSync, existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { type PostgresServer, serverFolder, UNPRIVILEGED } from './postgres.ts';
import { freePort } from './process.ts';

const PROGRAMS = ['/usr/sbin/pgbouncer', '/usr/bin/pgbouncer', '/usr/local/bin/pgbouncer'];
let told = false;

/** As `skipReason` of postgres.ts. */
export function bouncerSkipReason(): string | null {
  if (PROGRAMS.some(existsSync)) return null;
  const reason = 'PgBouncer is not installed (apt-get install pgbouncer)';
  if (process.env['CI'] === 'true') throw new Error(reason);
  if (!told) process.stderr.write(`skipped: ${reason}\n`);
  told = true;
  return reason;
}

export class PgBouncer {
  readonly port: number;
  readonly #folder: string;
  readonly #child: ChildProcess;

  private constructor(port: number, folder: string, child: ChildProcess) {
    this.port = port;
    this.#folder = folder;
    this.#child = child;
  }

  static async start(server: PostgresServer): Promise<PgBouncer> {
    const program = PROGRAMS.find(existsSync) ?? 'pgbouncer';
    const [port, folder] = [await freePort(), serverFolder('pgbouncer-')];
    const file = (name: string, text: string): string => {
      const path = join(folder, name);
      writeFileSync(path, text);
      const { uid, gid } = UNPRIVILEGED;
      if (uid !== undefined && gid !== undefined) chownSync(path, uid, gid);
      return path;
    };
    const users = file('users.txt', '"postgres" ""\n');
    const settings = file('pgbouncer.ini', configuration(server, port, users));
    const child = spawn(program, [settings], { ...UNPRIVILEGED, stdio: ['ignore', 'ignore', 'pipe'] });
    process.once('exit', () => child.kill('SIGKILL'));
    let output = '';
    child.stderr?.on('data', (chunk) => (output += String(chunk)));
    const bouncer = new PgBouncer(port, folder, child);
    for (let attempt = 0; attempt < 100; attempt++) {
      if (await answers(port)) return bouncer;
      await sleep(50);
    }
    await bouncer.stop();
    throw new Error(`PgBouncer did not answer:\n${output}`);
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      const ended = new Promise((resolve) => this.#child.once('exit', resolve));
      this.#child.kill('SIGKILL');
      await ended;
    }
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

async function answers(port: number): Promise<boolean> {
  const client = new pg.Client({ host: '127.0.0.1', port, user: 'postgres', database: 'postgres' });
  try {
    await client.connect();
    await client.end();
    return true;
  } catch {
    return false;
  }
}

/** Few server connections, so that clients meet those of others. */
function configuration(server: PostgresServer, port: number, users: string): string {
  return `
[databases]
* = host=127.0.0.1 port=${server.port}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = trust
auth_file = ${users}
pool_mode = transaction
default_pool_size = 3
max_client_conn = 200
max_db_connections = 0
`;
}
