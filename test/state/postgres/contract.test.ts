/** The store contract on PostgreSQL, directly and through PgBouncer. */
import { afterAll, beforeAll, describe } from 'vitest';
import { bouncerSkipReason, PgBouncer } from '../../support/pgbouncer.ts';
import { PostgresServer, skipReason } from '../../support/postgres.ts';
import { storeContract } from '../contract/all.ts';
import { PostgresKind } from './support.ts';

let server: PostgresServer;

describe.skipIf(skipReason() !== null)('on PostgreSQL', () => {
  const direct = new PostgresKind('directly');
  beforeAll(async () => {
    server = await PostgresServer.start();
    await direct.start(await server.freshDatabase());
  });
  afterAll(async () => {
    await direct.stop();
    await server?.stop();
  });

  storeContract(direct);

  describe.skipIf(bouncerSkipReason() !== null)('through PgBouncer', () => {
    const pooled = new PostgresKind('in transaction mode');
    let bouncer: PgBouncer;
    beforeAll(async () => {
      bouncer = await PgBouncer.start(server);
      const database = new URL(await server.freshDatabase()).pathname.slice(1);
      await pooled.start(server.url(database, bouncer.port));
    });
    afterAll(async () => {
      await pooled.stop();
      await bouncer?.stop();
    });

    storeContract(pooled);
  });
});
