/** What `/metrics/exporter` and the status page show of the members. Pure. */
import type { MemberFacts } from '../../../domain/replicas.ts';
import type { Micros } from '../../../domain/time.ts';
import type { Situation } from '../refresh/situation.ts';
import { isStanding } from './database.ts';

type Own = Omit<MemberFacts, 'members'> & { readonly id: string };

/** `byOwner`: how many projects each owner has. `situation` null: the database was not read so far. Members whose lease had ended are left out. */
export function memberFacts(
  own: Own,
  situation: Situation | null,
  byOwner: ReadonlyMap<string | null, number>,
  lease: Micros,
): MemberFacts {
  const { id, ...facts } = own;
  if (situation === null) return { ...facts, members: [] };
  const living = situation.members.filter(({ leaseUntil }) => isStanding(leaseUntil, situation.now, lease));
  const members = living.map((member) => ({
    name: member.name,
    projects: byOwner.get(member.id) ?? 0,
    isSelf: member.id === id,
  }));
  return { ...facts, members: members.toSorted((a, b) => (a.name < b.name ? -1 : 1)) };
}
