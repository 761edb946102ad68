/** A PostgreSQL server for the tests of one block, started and stopped by the hooks of the test runner. */
import { afterAll, beforeAll } from 'vitest';
import { PostgresServer } from './postgres.ts';

/** Called in a `describe`: a server that runs from before the first test of that block until after the last. */
export function serverForTests(settings = '', access = ''): PostgresServer {
  const server = new PostgresServer();
  beforeAll(async () => {
    await server.create(settings, access);
  });
  afterAll(() => server.stop());
  return server;
}
