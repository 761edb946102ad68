/** When the next lease of another member ends, if that member is dead: a heartbeat just after it takes over without waiting for the regular one. */
import type { Micros } from '../../../domain/time.ts';
import type { MemberRow } from '../refresh/situation.ts';

/** So that the clock of the database has passed the end for sure, milliseconds. */
const MARGIN_MS = 20;

/** Milliseconds until just after the soonest end of a lease of another member; Infinity: no such lease stands. `now`: the database's clock. */
export function nextLeaseEndMs(members: readonly MemberRow[], self: string, now: Micros): number {
  const ends = members.filter(({ id, leaseUntil }) => id !== self && leaseUntil > now);
  return Math.min(...ends.map(({ leaseUntil }) => (leaseUntil - now) / 1000 + MARGIN_MS));
}
