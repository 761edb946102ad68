/** Whose configuration is in force: of several members with different rules, only those with the rules in force count runs. */
import type { Micros } from '../../../domain/time.ts';
import type { MemberRow } from '../refresh/situation.ts';
import { CLOCK, type Client, define, isStanding, stands } from './database.ts';

const ADOPT = define(
  'rules_adopt',
  ['rules'],
  `
WITH ${CLOCK}
UPDATE llamacloud_exporter.meta SET rules = $1
FROM clock
WHERE rules IS NOT DISTINCT FROM $2 AND NOT EXISTS (
  SELECT FROM llamacloud_exporter.member AS m WHERE m.rules = $2 AND ${stands('m.lease_until', '$3')})
RETURNING rules`,
);

/** What decides whether a member puts its own rules in force. `inForce` null: none are so far. */
export type Voting = {
  readonly inForce: string | null;
  readonly members: readonly MemberRow[];
  readonly now: Micros;
  readonly lease: Micros;
  /** Whether this member's lease has stood unbroken for one lease. */
  readonly hasStood: boolean;
};

/**
 * Whether no member with the rules in force is left. After an outage of the database all leases have ended, and the first one back must not
 * take the others for gone: so it waits for one lease, unless they have given theirs back.
 */
export function mayAdopt({ inForce, members, now, lease, hasStood }: Voting): boolean {
  if (inForce === null) return true;
  const loyal = members.filter((member) => member.rules === inForce);
  return loyal.length === 0 || (hasStood && loyal.every((member) => !isStanding(member.leaseUntil, now, lease)));
}

/** Puts `own` in force in place of `inForce`. False: another member was quicker, or one with the rules in force has come. */
export async function adopt(client: Client, own: string, inForce: string | null, lease: Micros): Promise<boolean> {
  return (await client.query(ADOPT, [own, inForce, lease])).length > 0;
}
