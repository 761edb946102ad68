/** PostgreSQL does not JIT-compile the functions whose query plans we restrict. */
import { describe, expect, it } from 'vitest';
import { skipReason } from '../../support/postgres.ts';
import { serverForTests } from '../../support/server-for-tests.ts';
import { emptyState } from './support.ts';

/** Functions for which the planner's choices are restricted, and whether they are compiled. */
const RESTRICTED = `
  SELECT proname AS name, proconfig @> '{jit=off}' AS "isPlain"
  FROM pg_proc JOIN pg_namespace n ON n.oid = pronamespace
  WHERE nspname = 'llamacloud_exporter' AND proconfig @> '{enable_seqscan=off}'`;

describe.skipIf(skipReason() !== null)('plans of functions', () => {
  const server = serverForTests();

  it('are not compiled for the cost of what they avoid', async () => {
    const database = await emptyState(server);
    const functions = await server.query(database, RESTRICTED);
    expect(functions.length).toBeGreaterThan(0);
    for (const { name, isPlain } of functions) expect([name, isPlain]).toEqual([name, true]);
  });
});
