/** How members ask the database, and the pieces of SQL that their statements share. */
import { type Columns, type Connection, type Statement as Named, statement } from '../connection.ts';

/** A statement whose rows are answered as objects. */
export type Statement = { readonly named: Named; readonly columns: readonly string[] };

/** `columns`: the names of what it answers, in order. */
export function define(name: string, columns: readonly string[], text: string): Statement {
  return { named: statement(name, text), columns };
}

/** One connection that carries out one statement after the other. */
export interface Client {
  /** For people: without user and password. */
  readonly location: string;
  /** Rejects with an ExporterError of code `state`. Every statement is harmless when it is carried out twice. */
  query<Row extends object>(statement: Statement, values: readonly unknown[]): Promise<readonly Row[]>;
  /** The same, each row as its values in order. */
  tuples<T extends Columns>(statement: Statement, values: readonly unknown[]): Promise<readonly T[]>;
}

/** `lease` for heartbeats and what belongs to them, `refresh` to read what is published, `work` for all else. */
export type Clients = { readonly lease: Client; readonly work: Client; readonly refresh: Client };

export function clientOf(connection: Connection): Client {
  return {
    location: connection.location,
    async query<Row extends object>(
      { named, columns }: Statement,
      values: readonly unknown[],
    ): Promise<readonly Row[]> {
      const rows = await connection.read(named, ...values);
      return rows.map((row) => Object.fromEntries(columns.map((column, no) => [column, row[no]])) as Row);
    },
    tuples: ({ named }, values) => connection.read(named, ...values),
  };
}

/** A select list from expressions by name. */
export function selectList(expressions: Readonly<Record<string, string>>): string {
  return Object.values(expressions).join(', ');
}

/** The database's clock, read once in a statement: integer microseconds, as `clock.now`. */
export const CLOCK = 'clock AS MATERIALIZED (SELECT llamacloud_exporter.now_us() AS now)';

/**
 * A statement that names it waits for no standby. A lease that a failover loses harms nothing, since all members pause then; one that waits for
 * a standby would end, and leave a connection behind with every heartbeat.
 */
export const LOCALLY = `locally AS MATERIALIZED (SELECT set_config('synchronous_commit', 'local', true))`;

/**
 * Whether a lease stands at `clock.now`; `lease` is the parameter that holds its length. One that ends later than one lease from now was
 * written by a clock that has gone back since, and counts as ended.
 */
export function stands(until: string, lease: string): string {
  return `(${until} > clock.now AND ${until} <= clock.now + ${lease}::bigint)`;
}

/** The same for a lease that was read at `now`. Microseconds. */
export function isStanding(until: number, now: number, lease: number): boolean {
  return until > now && until <= now + lease;
}
