/** An exporter that is killed again and again counts every run exactly once over PostgreSQL. */
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { skipReason } from '../support/postgres.ts';
import { serverForTests } from '../support/server-for-tests.ts';
import { type Place, place, serve } from './exporter-process.ts';
import { countsThroughKills } from './kills.ts';

const SHORT_LEASE = fileURLToPath(new URL('short-lease.ts', import.meta.url));
/** Each waits for the lease of the one before to end. */
const KILLS = Math.ceil(Number(process.env['KILLS'] ?? 40) / 10);

describe.skipIf(skipReason() !== null)('over PostgreSQL', () => {
  const server = serverForTests();

  it(`counts every run once through ${KILLS} kills`, async () => {
    const url = await server.freshDatabase();
    let here: Place | null = null;
    const start = (apiUrl: string) => serve((here ??= place(apiUrl, url)), { entry: SHORT_LEASE });
    await expect(countsThroughKills({ kills: KILLS, serve: start, lifeMs: 8_000 })).resolves.toBeUndefined();
  }, 900_000);
});
