/** Discovery with a checked clock: the first one confirms or replaces our wall clock (docs/accounting.md, Times). */
import type { Logger } from '../../domain/logger.ts';
import type { Discovery } from '../../domain/source.ts';
import { type Micros, SECOND } from '../../domain/time.ts';
import type { Reading, ServerClock } from '../time/server-clock.ts';
import type { Discovered } from './projects.ts';

type Ask = (signal: AbortSignal) => Promise<Discovered>;

/**
 * Asks for the projects. As long as no discovery has succeeded, a first answer whose time differs is asked for twice more, before
 * anything is counted by it. A failure among the three is the discovery's: the next one begins anew.
 */
export function createDiscovery(
  ask: Ask,
  serverClock: ServerClock,
  logger: Logger,
  account: string,
): (signal: AbortSignal) => Promise<Discovery> {
  return async (signal) => {
    const first = await ask(signal);
    if (serverClock.isAnchored) return first.discovery;
    if (first.reading === null || !serverClock.differs(first.reading)) {
      serverClock.keepAnchor();
      return first.discovery;
    }
    const second = await ask(signal);
    const third = await ask(signal);
    const moved = anchor(serverClock, [first.reading, second.reading, third.reading]);
    const seconds = (micros: Micros): number => Math.round(micros / SECOND);
    if (moved === null) {
      const message = "The API's answers disagree about the time; our own clock is used";
      logger.warn(message, { account, our_time: new Date(serverClock.now() / 1000).toISOString() });
      return third.discovery;
    }
    logger.warn("Our clock differs from the API's; the API's is used", { account, moved_seconds: seconds(moved) });
    return { ...third.discovery, serverTime: third.discovery.serverTime + moved };
  };
}

/** An answer without a time cannot agree. */
function anchor(serverClock: ServerClock, said: readonly (Reading | null)[]): Micros | null {
  const readings = said.filter((reading) => reading !== null);
  if (readings.length === said.length) return serverClock.anchorBy(readings);
  serverClock.keepAnchor();
  return null;
}
