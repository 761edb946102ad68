/**
 * Sessions per second through the store alone, SQLite and PostgreSQL in turn on this machine: `node bench/stores/main.ts [SESSIONS] [ROUNDS]`.
 * PostgreSQL writes its log to disk as in production. The floor does with one bare statement per page or batch what a store must at least.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { SILENT } from '../../src/domain/observer.ts';
import type { Session } from '../../src/domain/session.ts';
import { openStore } from '../../src/state/sqlite/open.ts';
import { RecordingLogger } from '../../test/fakes/recording-logger.ts';
import { freshMember } from '../../test/state/postgres/support.ts';
import { PostgresServer } from '../../test/support/postgres.ts';
import { bareStatements } from './floor.ts';
import { admitOne, measure, type Rates, sessionsOf } from './workload.ts';

const DURABLE = 'fsync = on\nfull_page_writes = on\nshared_buffers = 256MB\n';
const CLOCK = { now: () => Date.now() * 1_000, elapsed: () => performance.now(), sleep: async () => {} };

async function sqlite(sessions: readonly Session[]): Promise<Rates> {
  const folder = mkdtempSync(path.join(tmpdir(), 'stores-'));
  const deps = { clock: CLOCK, logger: new RecordingLogger(), observer: SILENT };
  const store = await openStore(path.join(folder, 'state.db'), deps);
  const rates = await measure(store, await admitOne(store), sessions);
  await store.close();
  rmSync(folder, { recursive: true });
  return rates;
}

async function postgres(server: PostgresServer, sessions: readonly Session[]): Promise<Rates> {
  const member = await freshMember(server);
  const rates = await measure(member, await admitOne(member), sessions);
  await member.close();
  return rates;
}

function show(name: string, rates: readonly Rates[]): void {
  const best = (key: keyof Rates): string =>
    Math.round(Math.max(...rates.map((each) => each[key])))
      .toLocaleString('en')
      .padStart(10);
  process.stdout.write(
    `${name.padEnd(12)} first sweep ${best('firstSweep')}/s   unchanged ${best('unchangedSweep')}/s\n`,
  );
}

const [amount = 100_000, rounds = 2] = process.argv.slice(2).map(Number);
const sessions = sessionsOf(amount);
const server = await PostgresServer.start(DURABLE);
try {
  const results: Record<string, Rates[]> = { SQLite: [], PostgreSQL: [], floor: [] };
  for (let round = 0; round < rounds; round++) {
    results['SQLite']?.push(await sqlite(sessions));
    results['PostgreSQL']?.push(await postgres(server, sessions));
    results['floor']?.push(await bareStatements(server, sessions));
  }
  process.stdout.write(`${amount.toLocaleString('en')} sessions, best of ${rounds} rounds\n`);
  for (const [name, rates] of Object.entries(results)) show(name, rates);
} finally {
  await server.stop();
}
