/** What the project part shows beside the projects, made from the database alone. Pure. */
import type { SharedFacts } from '../../../domain/replicas.ts';
import type { Micros } from '../../../domain/time.ts';
import { isStanding } from '../members/database.ts';
import type { KnownProject } from './project-rows.ts';
import type { Situation } from './situation.ts';

/** `lease`: how long one stands, microseconds. */
export function sharedFacts(situation: Situation, projects: Iterable<KnownProject>, lease: Micros): SharedFacts {
  const { now, members, accounts, createdAt, bytes } = situation;
  const living = new Set(members.filter(({ leaseUntil }) => isStanding(leaseUntil, now, lease)).map(({ id }) => id));
  let [unowned, live, deleted] = [0, 0, 0];
  for (const { stored, owner } of projects) {
    const { gauges, tombstones } = stored.totals;
    live += gauges.ok + gauges.error + gauges.neverRun;
    deleted += tombstones;
    if (stored.leftAt === null && (owner === null || !living.has(owner))) unowned += 1;
  }
  return {
    createdAt,
    accounts: accounts.map(({ name, up, discoveredAt, projects: count }) => ({
      name,
      up,
      lastSuccess: discoveredAt,
      projects: count,
    })),
    unowned,
    bytes,
    live,
    deleted,
  };
}
