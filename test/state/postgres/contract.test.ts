import { afterAll, beforeAll, describe } from 'vitest';
import { bouncerSkipReason, PgBouncer } from '../../support/pgbouncer.ts';
import { PostgresServer, skipReason } from '../../support/postgres.ts';
import { storeContract } from '../contract/all.ts';
import { postgresKind } from './support.ts';

let server: PostgresServer;

describe.skipIf(skipReason() !== null)('on PostgreSQL', () => {
  beforeAll(async () => {
    server = await PostgresServer.start();
  });
  afterAll(() => server?.stop());

  storeContract(
    postgresKind(
      'PostgreSQL',
      () => server,
      () => server.port,
    ),
  );

  describe.skipIf(bouncerSkipReason() !== null)('through PgBouncer in transaction mode', () => {
    let bouncer: PgBouncer;
    beforeAll(async () => {
      bouncer = await PgBouncer.start(server);
    });
    afterAll(() => bouncer?.stop());

    storeContract(
      postgresKind(
        'PgBouncer',
        () => server,
        () => bouncer.port,
      ),
    );
  });
});
