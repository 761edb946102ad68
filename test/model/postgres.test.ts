/** The whole-exporter model over PostgreSQL: fewer sequences, as each of them takes longer. */
import { describe, expect, it } from 'vitest';
import { skipReason } from '../support/postgres.ts';
import { serverForTests } from '../support/server-for-tests.ts';
import { DatabaseLives } from './database-lives.ts';
import { playSequences } from './play.ts';

describe.skipIf(skipReason() !== null)('over PostgreSQL the model', () => {
  const server = serverForTests();

  it('holds through sequences', async () => {
    await expect(playSequences(20_261_126, 12, () => DatabaseLives.on(server))).resolves.toBeUndefined();
  }, 600_000);
});
