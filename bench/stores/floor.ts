/** What PostgreSQL and its driver need at least: bare statements on a bare table, nothing checked and nothing compared. */
import pg from 'pg';
import type { Session } from '../../src/domain/session.ts';
import type { PostgresServer } from '../../test/support/postgres.ts';
import type { Rates } from './workload.ts';

const COLUMNS =
  'no int, id text, updated_at bigint, input_tokens bigint, output_tokens bigint, turns bigint, duration_us bigint';
const READ = { name: 'read', text: 'SELECT * FROM bare WHERE no >= $1 AND no < $2', rowMode: 'array' as const };
const WRITE = { name: 'write', text: `INSERT INTO bare SELECT * FROM json_to_recordset($1) AS r(${COLUMNS})` };

/** Pages of 100 read by number, batches of 1,000 inserted. */
export async function bareStatements(server: PostgresServer, sessions: readonly Session[]): Promise<Rates> {
  const client = new pg.Client(await server.freshDatabase());
  await client.connect();
  await client.query(`CREATE TABLE bare (${COLUMNS}, PRIMARY KEY (no), UNIQUE (id))`);
  const rows = sessions.map(({ id, updatedAt, run }, no) => {
    const { inputTokens, outputTokens, turns, durationUs } = run?.figures ?? {};
    return {
      no,
      id,
      updated_at: updatedAt,
      input_tokens: inputTokens,
      output_tokens: outputTokens,
      turns,
      duration_us: durationUs,
    };
  });
  const start = performance.now();
  for (let from = 0; from < rows.length; from += 1_000) {
    await client.query({ ...WRITE, values: [JSON.stringify(rows.slice(from, from + 1_000))] });
  }
  const written = performance.now();
  for (let from = 0; from < rows.length; from += 100) await client.query({ ...READ, values: [from, from + 100] });
  const read = performance.now();
  await client.end();
  const rate = (ms: number): number => (rows.length * 1_000) / ms;
  return { firstSweep: rate(written - start), unchangedSweep: rate(read - written) };
}
