/** Which members to count on. One that dies again and again would keep its share from the others, and polls nothing of it. Pure. */
import type { Micros } from '../../../domain/time.ts';
import type { MemberRow } from '../refresh/situation.ts';
import { isStanding } from './database.ts';

/** The leases at one moment of the database's clock. */
export type Leases = { readonly members: readonly MemberRow[]; readonly now: Micros; readonly lease: Micros };

/** So many leases after its end an early death says nothing any more. */
const REMEMBERED = 30;

/**
 * True while the lease of `member` has not stood for one lease, and a member of its name has died before its own had. (A member that ends
 * in order leaves no row behind.)
 */
export function isCrashLooping(member: MemberRow, { members, now, lease }: Leases): boolean {
  if (now - member.standsSince >= lease) return false;
  return members.some(
    (other) => other.id !== member.id && other.name === member.name && hasDiedEarly(other, now, lease),
  );
}

/** A lease that was renewed to the last ends one lease after that. */
function hasDiedEarly({ standsSince, leaseUntil }: MemberRow, now: Micros, lease: Micros): boolean {
  if (isStanding(leaseUntil, now, lease) || now - leaseUntil > REMEMBERED * lease) return false;
  return leaseUntil - lease - standsSince < lease;
}
