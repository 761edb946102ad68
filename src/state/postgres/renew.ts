/** `llamacloud-exporter state renew` on a shared state: the entry of this room for the command. */
import { randomUUID } from 'node:crypto';
import { ExporterError } from '../../domain/errors.ts';
import type { Logger } from '../../domain/logger.ts';
import type { Clock } from '../../domain/time.ts';
import { Connection, StatementNames, statement } from './connection.ts';
import { atStartup } from './errors.ts';
import { keepState, renewState } from './failover/renew-all.ts';
import type { ZeroTotals } from './failover/renew-project.ts';
import { clientOf } from './members/database.ts';
import { TUNING } from './members/tuning.ts';
import { migrate } from './migrate.ts';
import { readServerFacts, refuseUnsuitable } from './server-check.ts';
import { parsePostgresUrl } from './url.ts';

export type RenewDeps = {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly name: string;
  readonly version: string;
  readonly password: () => Promise<string | null> | string | null;
  readonly zeroTotals: ZeroTotals;
  /** Only the server is adopted, and all counters stay. */
  readonly keep: boolean;
};

/** One statement renews all sessions of a project, which may be millions. The lease has a connection of its own, so that it stands meanwhile. */
const TIMEOUTS = { work: { connectMs: 5_000, queryMs: 0 }, lease: { connectMs: 2_000, queryMs: 2_000 } };

const HAS_STATE = statement('has_state', `SELECT to_regclass('llamacloud_exporter.meta') IS NOT NULL`);

/** Answers how many projects were renewed. Rejects with an ExporterError of code `config` or `startup`, also while a replica is running. */
export async function renewPostgres(url: string, deps: RenewDeps): Promise<number> {
  const { clock, logger, name, version, zeroTotals, keep, password } = deps;
  const settings = { url: parsePostgresUrl(url), password, applicationName: 'llamacloud-exporter state renew' };
  const names = new StatementNames(logger);
  const work = new Connection({ settings, timeouts: TIMEOUTS.work, names });
  const lease = new Connection({ settings, timeouts: TIMEOUTS.lease, names });
  try {
    refuseUnsuitable(await readServerFacts(work), work.location);
    await refuseNothing(work);
    await migrate(work);
    const self = { id: randomUUID(), name: `${name} (state renew)`, version, rules: 'none' };
    const clients = { client: clientOf(work), beats: clientOf(lease) };
    const renewal = { ...clients, clock, self, zeroTotals, lease: TUNING.lease, beatMs: TUNING.beatMs };
    if (!keep) return await renewState(renewal);
    await keepState(renewal);
    return 0;
  } catch (error) {
    throw atStartup(error, work.location);
  } finally {
    await Promise.all([lease.close(), work.close()]);
  }
}

/** In a database without a state there is nothing to renew, and none must be made: it is probably the wrong one. */
async function refuseNothing(work: Connection): Promise<void> {
  const [row] = await work.read<readonly [boolean]>(HAS_STATE);
  if (row?.[0] === true) return;
  const fix = 'Correct state.url; a new state needs no renewal.';
  throw new ExporterError('startup', `There is no state in ${work.location}.`, fix);
}
