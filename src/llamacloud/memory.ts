/** What a source keeps across a reload: the learned rate, a requested wait, server time. */
import type { Clock } from '../domain/time.ts';
import { Rate } from './limiter/rate.ts';
import { ServerClock } from './time/server-clock.ts';

/** Of one account at one base URL; at most one source at a time uses it. */
export type Memory = { readonly rate: Rate; readonly serverClock: ServerClock };

/** Nothing is learned yet: no limit, and our wall clock for server time. */
export function createMemory(clock: Clock): Memory {
  return { rate: new Rate(clock.elapsed()), serverClock: new ServerClock(clock) };
}
