/** One connection to the database: a query at a time, named statements, connected again by itself. */
import { setTimeout as sleep } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import type pg from 'pg';
import type { Logger } from '../../domain/logger.ts';
import { type DialSettings, dial, hangUp, type Timeouts } from './dial.ts';
import { endsConnection, isTimeout, PostgresError, sqlState } from './errors.ts';

/** A row as the driver answers it. The columns are those of the statement, so that each caller names their types. */
export type Columns = readonly unknown[];

/** `timeoutMs`: after which it counts as in doubt, where that is not the connection's. */
export type Statement = { readonly name: string; readonly text: string; readonly timeoutMs?: number };

/** The name ends with a hash of the text: behind a pooler, other versions of the exporter may have prepared theirs. */
export function statement(name: string, text: string): Statement {
  return { name: `llamacloud_${name}_${crc32(text).toString(16)}`, text };
}

/** A statement that may work for longer than others do. */
export function patient(what: Statement, timeoutMs: number): Statement {
  return { ...what, timeoutMs };
}

/** Whether statements are named: not behind a pooler that mixes up those of different clients. Shared by all connections. */
export class StatementNames {
  readonly #logger: Logger;
  #areUsed = true;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  get areUsed(): boolean {
    return this.#areUsed;
  }

  giveUp(): void {
    if (!this.#areUsed) return;
    this.#areUsed = false;
    this.#logger.warn('The pooler before the database does not keep named statements: going on without them, slower', {
      fix: 'PgBouncer 1.21 or later with max_prepared_statements, or no pooler',
    });
  }
}

/** Before a connection is tried again after a failure. */
const PAUSE_MS = 250;
const DUPLICATE_NAME = '42P05';
const UNKNOWN_NAME = '26000';

export type ConnectionParts = {
  readonly settings: DialSettings;
  readonly timeouts: Timeouts;
  readonly names: StatementNames;
};

export class Connection {
  readonly #parts: ConnectionParts;
  #client: pg.Client | null = null;
  #tail: Promise<unknown> = Promise.resolve();
  #notBefore = 0;
  /** Statements in a row that were given up. */
  #timeouts = 0;
  #isClosed = false;

  constructor(parts: ConnectionParts) {
    this.#parts = parts;
  }

  /** For people: without user and password. */
  get location(): string {
    return this.#parts.settings.url.location;
  }

  /** Runs one statement; rejects with a PostgresError. */
  query<T extends Columns>(what: Statement, ...values: readonly unknown[]): Promise<readonly T[]> {
    return this.#inTurn((client) => this.#run<T>(client, what, values));
  }

  /** As `query`, for what only reads: once more, should the connection have been lost. */
  async read<T extends Columns>(what: Statement, ...values: readonly unknown[]): Promise<readonly T[]> {
    try {
      return await this.query<T>(what, ...values);
    } catch (error) {
      if (!(error instanceof PostgresError && error.wasSent && error.isConnectionLost)) throw error;
      return this.query<T>(what, ...values);
    }
  }

  /** Runs `work` in one transaction, for which nothing else is sent on this connection. Only for what is done at start. */
  transaction<T>(work: (run: <R extends Columns>(text: string) => Promise<readonly R[]>) => Promise<T>): Promise<T> {
    return this.#inTurn(async (client) => {
      await client.query('BEGIN');
      try {
        const result = await work(async <R extends Columns>(text: string) => {
          const { rows } = await client.query({ text, rowMode: 'array' });
          return rows as unknown as readonly R[];
        });
        await client.query('COMMIT');
        return result;
      } catch (error) {
        if (!endsConnection(error)) await client.query('ROLLBACK');
        throw error;
      }
    });
  }

  /** Ends the connection; what is under way is cut. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const client = this.#client;
    this.#client = null;
    await client?.end().catch(() => {});
  }

  #inTurn<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
    const result = this.#tail.then(() => this.#attempt(work));
    this.#tail = result.catch(() => {});
    return result;
  }

  async #attempt<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
    let client: pg.Client | null = null;
    try {
      client = await this.#connected();
      const result = await work(client);
      this.#timeouts = 0;
      return result;
    } catch (error) {
      if (isTimeout(error) && client !== null) this.#timeouts += 1;
      if (client !== null && endsConnection(error)) this.#drop(client);
      throw PostgresError.of(error, this.location, client !== null);
    }
  }

  async #connected(): Promise<pg.Client> {
    if (this.#client !== null) return this.#client;
    const wait = this.#notBefore - performance.now();
    if (wait > 0) await sleep(wait);
    if (this.#isClosed) throw new Error('the exporter has closed the connection');
    try {
      const client = await dial(this.#parts.settings, this.#parts.timeouts);
      client.once('end', () => this.#drop(client));
      this.#client = client;
      return client;
    } catch (error) {
      this.#notBefore = performance.now() + PAUSE_MS;
      throw error;
    }
  }

  async #run<T extends Columns>(
    client: pg.Client,
    { name, text, timeoutMs }: Statement,
    values: readonly unknown[],
  ): Promise<readonly T[]> {
    const query = { text, values: [...values], rowMode: 'array' as const, query_timeout: this.#timeLimit(timeoutMs) };
    if (this.#parts.names.areUsed) {
      try {
        return (await client.query({ ...query, name })).rows as unknown as readonly T[];
      } catch (error) {
        if (![DUPLICATE_NAME, UNKNOWN_NAME].includes(sqlState(error))) throw error;
        this.#parts.names.giveUp();
      }
    }
    return (await client.query(query)).rows as unknown as readonly T[];
  }

  /** Milliseconds; 0: none. */
  #timeLimit(ofStatement = 0): number {
    const { queryMs, longestMs = queryMs } = this.#parts.timeouts;
    return queryMs === 0 ? 0 : Math.max(ofStatement, Math.min(longestMs, queryMs * 2 ** this.#timeouts));
  }

  #drop(client: pg.Client): void {
    if (this.#client === client) this.#client = null;
    hangUp(client);
  }
}

/** Those of a member. Heartbeats and scrapes have one each: neither may wait in line behind what polling reads and writes. */
export type Connections = {
  readonly lease: Connection;
  readonly work: Connection;
  readonly read: Connection;
  /** For what is published of all projects. */
  readonly refresh: Connection;
};

/** The lease is given up after 8 s: a heartbeat must have failed, and another have its chance, well before that. */
const LEASE: Timeouts = { connectMs: 2_000, queryMs: 2_000 };
/** Beyond it a statement counts as in doubt. */
const WORK: Timeouts = { connectMs: 3_000, queryMs: 5_000, longestMs: 80_000 };
const READ: Timeouts = { connectMs: 3_000, queryMs: 10_000, longestMs: 80_000 };
const REFRESH: Timeouts = { connectMs: 2_000, queryMs: 5_000, longestMs: 20_000 };

export function connections(settings: DialSettings, logger: Logger): Connections {
  const names = new StatementNames(logger);
  const make = (timeouts: Timeouts): Connection => new Connection({ settings, timeouts, names });
  return { lease: make(LEASE), work: make(WORK), read: make(READ), refresh: make(REFRESH) };
}

/** Ends all of them; what is under way is cut. */
export async function closeAll(all: Connections): Promise<void> {
  await Promise.all(Object.values(all).map((connection) => connection.close()));
}
