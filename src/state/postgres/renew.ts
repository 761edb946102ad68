/** `llamacloud-exporter state renew` on a shared state: the entry of this room for the command. */
import { randomUUID } from 'node:crypto';
import type { Logger } from '../../domain/logger.ts';
import type { Clock } from '../../domain/time.ts';
import { connections } from './connection.ts';
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

/** Answers how many projects were renewed. Rejects with an ExporterError of code `config` or `startup`, also while a replica is running. */
export async function renewPostgres(url: string, deps: RenewDeps): Promise<number> {
  const { clock, logger, name, version, zeroTotals, keep, password } = deps;
  const settings = { url: parsePostgresUrl(url), password, applicationName: 'llamacloud-exporter state renew' };
  const { lease, work, read } = connections(settings, logger);
  try {
    refuseUnsuitable(await readServerFacts(work), work.location);
    await migrate(work);
    const self = { id: randomUUID(), name: `${name} (state renew)`, version, rules: 'none' };
    const renewal = { client: clientOf(work), clock, self, zeroTotals, lease: TUNING.lease, beatMs: TUNING.beatMs };
    if (!keep) return await renewState(renewal);
    await keepState(renewal);
    return 0;
  } catch (error) {
    throw atStartup(error, work.location);
  } finally {
    await Promise.all([lease.close(), work.close(), read.close()]);
  }
}
