/** The database of the replicas: a primary, a standby that follows it, and what the ledger says of the owners. */
import { setTimeout as sleep } from 'node:timers/promises';
import { PostgresServer } from '../../test/support/postgres.ts';

const NAME = 'exporter';

/** Who owns so many projects; `owner` null: nobody. */
export type Share = { readonly owner: string | null; readonly projects: number };

export class Database {
  readonly #primary: PostgresServer;
  readonly #standby: PostgresServer;
  #current: PostgresServer;

  private constructor(primary: PostgresServer, standby: PostgresServer) {
    this.#primary = primary;
    this.#standby = standby;
    this.#current = primary;
  }

  static async start(): Promise<Database> {
    const primary = await PostgresServer.start();
    try {
      await primary.query('postgres', `CREATE DATABASE ${NAME} TEMPLATE template0`);
      return new Database(primary, await primary.standby());
    } catch (error) {
      await primary.stop();
      throw error;
    }
  }

  /** `state.url` with both servers in it. */
  get url(): string {
    const [first, second] = [this.#primary.port, this.#standby.port];
    return `postgresql://postgres@127.0.0.1:${first},127.0.0.1:${second}/${NAME}`;
  }

  /** `pg_ctl restart -m immediate`: all connections break, as in a crash. */
  async restart(): Promise<void> {
    await this.#current.halt('SIGQUIT');
    await this.#current.resume();
  }

  /** The standby receives nothing any more. */
  async cutOff(): Promise<void> {
    await this.#standby.query('postgres', "ALTER SYSTEM SET primary_conninfo = ''");
    await this.#standby.query('postgres', 'SELECT pg_reload_conf()');
  }

  /** The primary crashes for good, and the standby takes its place. */
  async failOver(): Promise<void> {
    await this.#primary.halt('SIGQUIT');
    this.#standby.promote();
    this.#current = this.#standby;
  }

  /** How the projects that have not left are shared out. */
  async shares(): Promise<readonly Share[]> {
    const rows = await this.#current.query(
      NAME,
      `SELECT l.owner::text AS owner, count(*)::int AS projects
       FROM llamacloud_exporter.ledger AS l JOIN llamacloud_exporter.project AS p ON p.key = l.project
       WHERE p.left_at IS NULL GROUP BY l.owner`,
    );
    return rows as Share[];
  }

  /** Id of the youngest member of a name. */
  async memberId(name: string): Promise<string | null> {
    const [row] = await this.#current.query(
      NAME,
      'SELECT id::text FROM llamacloud_exporter.member WHERE name = $1 ORDER BY started_at DESC LIMIT 1',
      [name],
    );
    return (row as { id: string } | undefined)?.id ?? null;
  }

  /** Resolves once `isSo` is true of the owners; rejects after `within` seconds. */
  async until(isSo: (shares: readonly Share[]) => boolean | Promise<boolean>, within: number): Promise<void> {
    const end = performance.now() + within * 1000;
    for (;;) {
      const shares = await this.shares();
      if (await isSo(shares)) return;
      if (performance.now() > end) throw new Error(`after ${within} s the owners are ${JSON.stringify(shares)}`);
      await sleep(100);
    }
  }

  async stop(): Promise<void> {
    await this.#standby.stop();
    await this.#primary.stop();
  }
}
