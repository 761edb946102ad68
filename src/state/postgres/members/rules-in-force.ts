/** Whose configuration is in force: of several members with different rules, only those with the rules in force count runs. */
import type { MemberRow } from '../refresh/situation.ts';
import { CLOCK, type Client, define, isStanding, stands } from './database.ts';
import { isCrashLooping, type Leases } from './steady.ts';

const ADOPT = define(
  'rules_adopt',
  ['rules'],
  `
WITH ${CLOCK}
UPDATE llamacloud_exporter.meta SET rules = $1
FROM clock
WHERE rules IS NOT DISTINCT FROM $2 AND NOT EXISTS (
  SELECT FROM llamacloud_exporter.member AS m
  WHERE m.rules = $2 AND m.id <> ALL ($4::uuid[]) AND ${stands('m.lease_until', '$3')})
RETURNING rules`,
);

/** What decides whether a member puts its own rules in force. `inForce` null: none are so far. */
export type Voting = Leases & {
  readonly inForce: string | null;
  /** Whether this member's lease has stood unbroken for one lease. */
  readonly hasStood: boolean;
};

/**
 * Whether no member with the rules in force is left, apart from those that keep dying. After an outage of the database all leases have ended, and the first one back must not
 * take the others for gone: so it waits for one lease, unless they have given theirs back.
 */
export function mayAdopt(voting: Voting): boolean {
  const { inForce, members, now, lease, hasStood } = voting;
  if (inForce === null) return true;
  const loyal = members.filter((member) => member.rules === inForce);
  const isGone = (member: MemberRow): boolean =>
    !isStanding(member.leaseUntil, now, lease) || isCrashLooping(member, voting);
  return loyal.length === 0 || (hasStood && loyal.every(isGone));
}

/** Puts `own` in force. False: another member was quicker, or one with the rules in force has come. */
export async function adopt(client: Client, own: string, voting: Voting): Promise<boolean> {
  const { inForce, members, lease } = voting;
  const ignored = members.filter((member) => isCrashLooping(member, voting)).map(({ id }) => id);
  return (await client.query(ADOPT, [own, inForce, lease, ignored])).length > 0;
}
