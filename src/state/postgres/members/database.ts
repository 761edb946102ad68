/** What members ask of a connection, and the pieces of SQL that their statements share. */

/** `name`: under which the server keeps the plan. */
export type Statement = { readonly name: string; readonly text: string };

/** One connection that carries out one statement after the other, and reconnects by itself. bigint comes as a number. */
export interface Client {
  /** Rejects with an ExporterError of code `state` when the statement failed, or was not answered in time. */
  query<Row extends object>(statement: Statement, values: readonly unknown[]): Promise<readonly Row[]>;
}

/** `lease` for heartbeats alone, `read` for refreshes, `work` for all else. */
export type Clients = { readonly lease: Client; readonly work: Client; readonly read: Client };

/** The database's clock, read once in a statement: integer microseconds, as `clock.now`. */
export const CLOCK = 'clock AS MATERIALIZED (SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint AS now)';

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
