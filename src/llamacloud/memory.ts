/** What a source has learned of its API and does not forget in a reload: the rate, a wait that was asked for, server time. */
import type { Clock } from '../domain/time.ts';
import { Rate } from './rate.ts';
import { ServerClock } from './server-clock.ts';

/** Of one account at one base URL; at most one source at a time uses it. */
export type Memory = { readonly rate: Rate; readonly serverClock: ServerClock };

/** Nothing is learned yet: no limit, and our wall clock for server time. */
export function createMemory(clock: Clock): Memory {
  return { rate: new Rate(clock.elapsed()), serverClock: new ServerClock(clock) };
}
