/**
 * Statistics of a growing table. Statements are planned once per connection, for the table as it was then; the server looks at a table anew
 * only once a minute, and in that minute a first sweep would read the whole of it for each page.
 */
import { type Connection, statement } from './connection.ts';

const KNOWN = statement(
  'known_rows',
  `SELECT reltuples::bigint FROM pg_class WHERE oid = 'llamacloud_exporter.session'::regclass`,
);
const ANALYZE = statement('analyze', 'ANALYZE llamacloud_exporter.session');

/** Numbers of rows at which a new state gets another plan. */
const STEPS = [500, 5_000, 50_000];

export class Growth {
  readonly #read: Connection;
  #added = 0;
  #steps: readonly number[] = STEPS;

  constructor(read: Connection) {
    this.#read = read;
  }

  /** After a commit that added rows. Rejects with a PostgresError; nothing depends on it. */
  async added(rows: number): Promise<void> {
    this.#added += rows;
    const [next] = this.#steps;
    if (next === undefined || this.#added < next) return;
    this.#steps = this.#steps.filter((step) => step > this.#added);
    const [row] = await this.#read.read<readonly [number]>(KNOWN);
    if ((row?.[0] ?? 0) < next) await this.#read.query(ANALYZE);
  }
}
