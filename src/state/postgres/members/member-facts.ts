/** What `/metrics/exporter` and the status page show of the members. Pure. */
import type { MemberFacts } from '../../../domain/replicas.ts';
import type { Micros } from '../../../domain/time.ts';
import type { KnownProject } from '../refresh/project-rows.ts';
import type { Situation } from '../refresh/situation.ts';
import { isStanding } from './database.ts';

type Own = Omit<MemberFacts, 'members'> & { readonly id: string };

/** `situation` null: the database was not read so far. Members whose lease had ended are left out. */
export function memberFacts(
  own: Own,
  situation: Situation | null,
  projects: Iterable<KnownProject>,
  lease: Micros,
): MemberFacts {
  const { id, ...facts } = own;
  if (situation === null) return { ...facts, members: [] };
  const counts = new Map<string, number>();
  for (const { stored, owner } of projects) {
    if (owner !== null && stored.leftAt === null) counts.set(owner, (counts.get(owner) ?? 0) + 1);
  }
  const living = situation.members.filter(({ leaseUntil }) => isStanding(leaseUntil, situation.now, lease));
  const members = living.map((member) => ({
    name: member.name,
    projects: counts.get(member.id) ?? 0,
    isSelf: member.id === id,
  }));
  return { ...facts, members: members.toSorted((a, b) => (a.name < b.name ? -1 : 1)) };
}
