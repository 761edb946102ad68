/** The whole-exporter model over PostgreSQL: fewer sequences, as each of them takes longer. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PostgresServer, skipReason } from '../support/postgres.ts';
import { DatabaseLives } from './database-lives.ts';
import { playSequences } from './play.ts';

describe.skipIf(skipReason() !== null)('over PostgreSQL the model', () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await PostgresServer.start();
  });
  afterAll(() => server?.stop());

  it('holds through sequences', async () => {
    await expect(playSequences(20_261_126, 12, () => DatabaseLives.on(server))).resolves.toBeUndefined();
  }, 600_000);
});
