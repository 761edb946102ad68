/** Which projects a member should claim, and which to give back. Pure. */
import type { Owned, Wanted } from '../../../domain/replicas.ts';
import type { Micros } from '../../../domain/time.ts';
import type { KnownProject } from '../refresh/project-rows.ts';
import type { MemberRow } from '../refresh/situation.ts';
import { isStanding } from './database.ts';
import { type Candidate, candidate, firstFor } from './hashing.ts';
import { isCrashLooping } from './steady.ts';

export type PlanInput = {
  /** Id of this member. */
  readonly self: string;
  readonly rules: string;
  readonly inForce: string | null;
  readonly members: readonly MemberRow[];
  readonly projects: Iterable<KnownProject>;
  /** Whether this member has the project now, or is about to. */
  readonly isOwned: (key: number) => boolean;
  readonly isClaiming: (key: number) => boolean;
  /** Whether its lease has stood unbroken for one lease. */
  readonly hasStood: boolean;
  /** The database's clock. */
  readonly now: Micros;
  readonly lease: Micros;
};

export type Plan = {
  readonly wanted: readonly Wanted[];
  readonly surplus: readonly Owned[];
  /** Belong to this member in the database alone (a claim was cut off), and to another one by hashing: to be given back. By key, with their fence. */
  readonly orphans: ReadonlyMap<number, number>;
};

/** Of what is owned, so much is given back in one turn. */
const PART = 10;

/**
 * What a dead member had is taken once the lease of any living one has stood for one lease: then the database could be reached meanwhile, so
 * that after an outage nobody takes the others for dead. A member that restarts at once need not wait that long itself.
 */
export function planOf(o: PlanInput): Plan {
  const living = o.members.filter(({ leaseUntil }) => isStanding(leaseUntil, o.now, o.lease));
  const livingIds = new Set(living.map(({ id }) => id));
  const candidates = candidatesOf(living, o);
  const mayTake = o.hasStood || living.some(({ id, standsSince }) => id !== o.self && o.now - standsSince >= o.lease);
  const wanted: Wanted[] = [];
  const surplus: Owned[] = [];
  const orphans = new Map<number, number>();
  let owned = 0;
  for (const { stored, owner, fence } of o.projects) {
    const { key, project, leftAt } = stored;
    if (leftAt !== null) continue;
    const isFirst = firstFor(candidates, project.id) === o.self;
    const isFree = owner === null || owner === o.self || (mayTake && !livingIds.has(owner));
    if (o.isOwned(key)) {
      owned += 1;
      if (!isFirst) surplus.push(key as Owned);
    } else if (o.isClaiming(key)) continue;
    else if (isFirst && isFree) wanted.push(key as Wanted);
    else if (!isFirst && owner === o.self) orphans.set(key, fence);
  }
  return { wanted, surplus: surplus.slice(0, mostGivenBack(o, owned)), orphans };
}

/** Members under the rules in force; those that keep dying only where there are no others. */
function candidatesOf(living: readonly MemberRow[], o: PlanInput): readonly Candidate[] {
  const loyal = living.filter(({ rules }) => rules === o.inForce);
  const steady = loyal.filter((member) => !isCrashLooping(member, o));
  return (steady.length > 0 ? steady : loyal).map(candidate);
}

/** All at once under rules that are not in force: what this member counted would be counted by the wrong ones. */
function mostGivenBack({ rules, inForce }: PlanInput, owned: number): number {
  return rules === inForce ? Math.ceil(owned / PART) : owned;
}
