/** Whether the server that answers is the one that the state belongs to. Pure. */
import { ExporterError } from '../../../domain/errors.ts';
import type { Server } from '../refresh/situation.ts';

/** A standby, or a primary that another one has replaced: what it says must not be believed, and its leases count for nothing. */
export class WrongServerError extends ExporterError {
  constructor(message: string) {
    super(
      'state',
      message,
      'Nothing needs to be done once the exporter reaches the primary; check the hosts of state.url if it lasts.',
    );
    this.name = 'WrongServerError';
  }
}

/**
 * The timeline of the server, eight hexadecimal digits. `seen`: the latest that this process has seen; null: none so far. Throws a
 * WrongServerError for a standby or a replaced primary, and an ExporterError of code `startup` for a database of another origin.
 */
export function timelineOf(server: Server, seen: string | null): string {
  const { system, metaSystem, inRecovery, timeline } = server;
  if (system !== metaSystem) throw otherSystem(system, metaSystem);
  if (inRecovery || timeline === null)
    throw new WrongServerError('The PostgreSQL server is in recovery: it is a standby.');
  if (seen !== null && timeline < seen) {
    throw new WrongServerError(
      `The PostgreSQL server is on timeline ${timeline}, behind ${seen}: another one has been promoted.`,
    );
  }
  return timeline;
}

/** True from a failover on until the members have agreed that the state goes by the new timeline. */
export function isPaused(server: Server): boolean {
  return server.timeline !== server.metaTimeline;
}

function otherSystem(system: string, metaSystem: string): ExporterError {
  return new ExporterError(
    'startup',
    `The state was written by PostgreSQL with system identifier ${metaSystem}, and this server has ${system}.`,
    'After restoring a backup run `llamacloud-exporter state renew`; after pg_upgrade or a planned move `llamacloud-exporter state renew --keep`.',
  );
}
