/** PostgreSQL in tests: a server of the test file's own on loopback, a fresh database for each test. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import {
  appendFileSync,
  chownSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { freePort } from './process.ts';

/** `initdb`, `postgres` and PgBouncer refuse root: where the tests run as root, they run as nobody. */
const NOBODY = 65_534;
const AS_ROOT = process.getuid?.() === 0;
export const UNPRIVILEGED: { readonly uid?: number; readonly gid?: number } = AS_ROOT
  ? { uid: NOBODY, gid: NOBODY }
  : {};

const SETTINGS = `
listen_addresses = '127.0.0.1'
max_connections = 120
fsync = off
full_page_writes = off
shared_buffers = 64MB
max_wal_size = 4GB
autovacuum = on
log_min_messages = warning
`;

let told = false;

/** Where Debian or PGBIN puts the server's programs, newest first. */
function binFolder(): string | undefined {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [process.env['PGBIN'], ...versions.map((version) => join(debian, version, 'bin'))];
  return folders.find((folder) => folder !== undefined && existsSync(join(folder, 'initdb')));
}

/** Why tests with PostgreSQL are skipped here, printed once in a file; null: they run. Throws where CI=true and it is missing. */
export function skipReason(): string | null {
  if (binFolder() !== undefined) return null;
  const reason = 'PostgreSQL is not installed (apt-get install postgresql, or let PGBIN name the folder of initdb)';
  if (process.env['CI'] === 'true') throw new Error(reason);
  if (!told) process.stderr.write(`skipped: ${reason}\n`);
  told = true;
  return reason;
}

/** The name of the database that a URL names. */
export const databaseOf = (url: string): string => new URL(url).pathname.slice(1);

/** A new folder that the server may write to. */
export function serverFolder(prefix: string): string {
  const folder = mkdtempSync(join(tmpdir(), prefix));
  if (AS_ROOT) chownSync(folder, NOBODY, NOBODY);
  return folder;
}

/** `bin`: the folder of the server's programs. Data, configuration and the socket are below `folder`. */
type Cluster = { readonly bin: string; readonly folder: string; readonly port: number };

export class PostgresServer {
  #cluster: Cluster | null = null;
  #child: ChildProcess | null = null;
  #output = '';
  #databases = 0;
  #hasShared = false;

  /** A new server, started; arguments as of `create`. */
  static start(settings = '', access = ''): Promise<PostgresServer> {
    return new PostgresServer().create(settings, access);
  }

  /**
   * Makes a cluster and starts it. `settings`: lines of postgresql.conf; `access`: of pg_hba.conf, before those that trust everybody.
   * Stops and removes all of it when that fails.
   */
  async create(settings = '', access = ''): Promise<this> {
    await this.#prepare();
    try {
      this.run('initdb', '-D', this.data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync');
      this.configure(`${SETTINGS}port = ${this.port}\nunix_socket_directories = '${this.folder}'\n${settings}`);
      const accessFile = join(this.data, 'pg_hba.conf');
      writeFileSync(accessFile, `${access}\n${readFileSync(accessFile, 'utf8')}`);
      await this.resume();
    } catch (error) {
      await this.stop();
      throw error;
    }
    return this;
  }

  /** A copy of this server that follows it as a standby, started. */
  async standby(settings = ''): Promise<PostgresServer> {
    const standby = new PostgresServer();
    await standby.#prepare();
    try {
      const from = `host=${this.folder} port=${this.port} user=postgres`;
      standby.run('pg_basebackup', '-d', from, '-D', standby.data, '-R', '-X', 'stream', '-c', 'fast', '--no-sync');
      standby.configure(`port = ${standby.port}\nunix_socket_directories = '${standby.folder}'\n${settings}`);
      await standby.resume();
    } catch (error) {
      await standby.stop();
      throw error;
    }
    return standby;
  }

  async #prepare(): Promise<void> {
    const bin = binFolder();
    if (bin === undefined) throw new Error('PostgreSQL is not installed');
    this.#cluster = { bin, folder: serverFolder('postgres-'), port: await freePort() };
  }

  get #made(): Cluster {
    if (this.#cluster === null) throw new Error('the server has not been started');
    return this.#cluster;
  }

  get port(): number {
    return this.#made.port;
  }

  get folder(): string {
    return this.#made.folder;
  }

  get data(): string {
    return join(this.folder, 'data');
  }

  /** What the server wrote to its log so far. */
  get output(): string {
    return this.#output;
  }

  /** `postgresql://` of a database, as the superuser. */
  url(database: string, port = this.port): string {
    return `postgresql://postgres@127.0.0.1:${port}/${database}`;
  }

  /** An empty database; its URL. */
  async freshDatabase(template = 'template0'): Promise<string> {
    const name = `test_${++this.#databases}`;
    await this.query('postgres', `CREATE DATABASE ${name} TEMPLATE ${template}`);
    return this.url(name);
  }

  /** The name of one database, without the exporter's schema: quicker than another database. No two tests may use it at once. */
  async emptyDatabase(): Promise<string> {
    if (!this.#hasShared) await this.query('postgres', 'CREATE DATABASE shared TEMPLATE template0');
    this.#hasShared = true;
    await this.query('shared', 'DROP SCHEMA IF EXISTS llamacloud_exporter CASCADE');
    return 'shared';
  }

  /** One statement in a connection of its own; the rows. */
  async query(database: string, sql: string, values: unknown[] = []): Promise<Record<string, unknown>[]> {
    const client = new pg.Client({ host: this.folder, port: this.port, user: 'postgres', database });
    await client.connect();
    try {
      return (await client.query(sql, values)).rows as Record<string, unknown>[];
    } finally {
      await client.end();
    }
  }

  /** Adds lines to postgresql.conf. */
  configure(settings: string): void {
    appendFileSync(join(this.data, 'postgresql.conf'), `${settings}\n`);
  }

  /** Runs one of PostgreSQL's programs to its end; throws with what it wrote. */
  run(program: string, ...args: readonly string[]): string {
    return execFileSync(join(this.#made.bin, program), args, { ...UNPRIVILEGED, cwd: this.folder, encoding: 'utf8' });
  }

  /** Starts the server again after `halt`. */
  async resume(): Promise<void> {
    const child = spawn(join(this.#made.bin, 'postgres'), ['-D', this.data], {
      ...UNPRIVILEGED,
      cwd: this.folder,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    this.#child = child;
    process.once('exit', () => child.kill('SIGQUIT'));
    await new Promise<void>((resolve, reject) => {
      const from = this.#output.length;
      child.stderr?.on('data', (chunk) => {
        this.#output += String(chunk);
        if (/ready to accept (read-only )?connections/.test(this.#output.slice(from))) resolve();
      });
      child.once('error', reject);
      child.once('exit', (code) => reject(new Error(`postgres ended with ${code}:\n${this.#output}`)));
    });
  }

  /** Stops the server: `SIGINT` closes all connections first, `SIGQUIT` ends as a crash does. */
  async halt(signal: 'SIGINT' | 'SIGQUIT' = 'SIGINT'): Promise<void> {
    const child = this.#child;
    this.#child = null;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    await ended;
  }

  /** Makes a standby a primary. */
  promote(): void {
    this.run('pg_ctl', 'promote', '-D', this.data, '-w', '-s');
  }

  /** Stops the server and removes its folder. */
  async stop(): Promise<void> {
    await this.halt('SIGQUIT');
    if (this.#cluster !== null) rmSync(this.#cluster.folder, { recursive: true, force: true });
  }
}
