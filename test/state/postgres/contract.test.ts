/** The store contract on PostgreSQL, directly and through PgBouncer. */
import { afterAll, beforeAll, describe } from 'vitest';
import { bouncerSkipReason, PgBouncer } from '../../support/pgbouncer.ts';
import { databaseOf, skipReason } from '../../support/postgres.ts';
import { serverForTests } from '../../support/server-for-tests.ts';
import { storeContract } from '../contract/all.ts';
import { PostgresKind } from './support.ts';

describe.skipIf(skipReason() !== null)('on PostgreSQL', () => {
  const server = serverForTests();
  const direct = new PostgresKind('directly');
  beforeAll(async () => direct.start(await server.freshDatabase()));
  afterAll(() => direct.stop());

  storeContract(direct);

  describe.skipIf(bouncerSkipReason() !== null)('through PgBouncer', () => {
    const pooled = new PostgresKind('in transaction mode');
    let bouncer: PgBouncer;
    beforeAll(async () => {
      bouncer = await PgBouncer.start(server);
      const database = databaseOf(await server.freshDatabase());
      await pooled.start(server.url(database, bouncer.port));
    });
    afterAll(async () => {
      await pooled.stop();
      await bouncer?.stop();
    });

    storeContract(pooled);
  });
});
