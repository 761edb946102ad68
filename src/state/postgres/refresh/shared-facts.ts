/** What the project part shows beside the projects, made from the database alone. Pure. */
import type { SharedFacts } from '../../../domain/replicas.ts';
import type { Micros } from '../../../domain/time.ts';
import { isStanding } from '../members/database.ts';
import type { Known } from './known.ts';
import type { Situation } from './situation.ts';

/** `lease`: how long one lasts, microseconds. */
export function sharedFacts(
  situation: Situation,
  known: Pick<Known, 'live' | 'tombstones' | 'byOwner'>,
  lease: Micros,
): SharedFacts {
  const { now, members, accounts, createdAt, bytes } = situation;
  const living = new Set(members.filter(({ leaseUntil }) => isStanding(leaseUntil, now, lease)).map(({ id }) => id));
  let unowned = 0;
  for (const [owner, projects] of known.byOwner) if (owner === null || !living.has(owner)) unowned += projects;
  return {
    createdAt,
    accounts: accounts.map(({ name, up, discoveredAt, projects }) => ({
      name,
      up,
      lastSuccess: discoveredAt,
      projects,
    })),
    unowned,
    bytes,
    live: known.live,
    deleted: known.tombstones,
  };
}
