/** One turn of a member: what the database says of members and projects, and what follows from it. */
import type { Logger } from '../../../domain/logger.ts';
import type { Turn } from '../../../domain/replicas.ts';
import { type Clock, MINUTE, type Micros } from '../../../domain/time.ts';
import { endPause } from '../failover/end-pause.ts';
import { WrongServerError } from '../failover/server.ts';
import type { OwnedProjects } from '../owned.ts';
import type { Reader, Seen } from '../refresh/reader.ts';
import type { AccountRow, Situation } from '../refresh/situation.ts';
import { removeDead, type Self } from './beat.ts';
import { type Client, isStanding } from './database.ts';
import type { DiscoveryLease } from './discovery-lease.ts';
import type { Holdings } from './holdings.ts';
import { nextLeaseEndMs } from './lease-ends.ts';
import { planOf } from './plan.ts';
import { adopt, mayAdopt } from './rules-in-force.ts';

export type TurnParts = {
  readonly lease: Client;
  readonly reader: Reader;
  readonly discoveryLease: DiscoveryLease;
  readonly holdings: Holdings;
  readonly owned: OwnedProjects;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly self: () => Self;
  readonly leaseTime: Micros;
};

/** Members are kept for so long after their lease has ended, microseconds. */
const KEPT: Micros = 24 * 60 * MINUTE;
const CLEANING_MS = 600_000;
const YIELDED_LEASES = 3;

export class MemberTurns {
  readonly #parts: TurnParts;
  /** When a failover was seen first, `Clock.elapsed`; null: none is under way. */
  #pausedSince: number | null = null;
  #cleanAt = 0;
  #isWaiting = false;
  /** Until then another member may take the discovery lease before this one, `Clock.elapsed`. */
  #yieldsUntil = 0;

  constructor(parts: TurnParts) {
    this.#parts = parts;
  }

  /** `stoodSince`: by the clock of the database, of this member's lease. Rejects with an ExporterError. */
  async next(stoodSince: Micros): Promise<Turn> {
    const { reader, holdings } = this.#parts;
    const before = holdings.fences();
    const seen = await reader.read();
    this.#refuseUnseen(seen);
    if (seen.isPaused) return this.#paused(seen);
    this.#pausedSince = null;
    const hasStood = seen.situation.now - stoodSince >= this.#parts.leaseTime;
    const inForce = await this.#rulesInForce(seen, hasStood);
    await this.#followDiscovery(seen, inForce);
    holdings.loseOthers(before, (key) => reader.known.get(key));
    return this.#planned(seen, hasStood, inForce);
  }

  /** Milliseconds until a dead member's projects may be claimed, as far as the last look at the members tells; Infinity: none is near its end. */
  nextLeaseEndMs(): number {
    const { reader, clock, self } = this.#parts;
    if (reader.seen === null) return Number.POSITIVE_INFINITY;
    const { situation, clocks } = reader.seen;
    return nextLeaseEndMs(situation.members, self().id, clocks.database + clock.now() - clocks.ours);
  }

  /** Discovery keeps failing here. Another member takes it over with its next heartbeat; should none want it, this one does again. */
  yieldDiscovery(): void {
    const { clock, leaseTime } = this.#parts;
    this.#yieldsUntil = clock.elapsed() + (YIELDED_LEASES * leaseTime) / 1000;
  }

  /** Without the database: what was lost, and nothing to claim. */
  withoutDatabase(): Turn {
    return { ...this.#turn(), wanted: [], surplus: [], discovers: false };
  }

  /** A heartbeat that succeeded must show where the state is read; else the two connections have reached different servers. */
  #refuseUnseen({ situation: { members, now } }: Seen): void {
    const { self, leaseTime } = this.#parts;
    const own = members.find(({ id }) => id === self().id);
    if (own !== undefined && isStanding(own.leaseUntil, now, leaseTime)) return;
    throw new WrongServerError(
      'The heartbeat has reached another PostgreSQL server than the one that the state is read from.',
    );
  }

  async #planned({ situation }: Seen, hasStood: boolean, inForce: string | null): Promise<Turn> {
    const { reader, holdings, self, leaseTime } = this.#parts;
    const { id, rules } = self();
    const plan = planOf({
      self: id,
      rules,
      inForce,
      members: situation.members,
      projects: reader.known.all(),
      isOwned: (key) => holdings.isOwned(key),
      isClaiming: (key) => holdings.isClaiming(key),
      hasStood,
      now: situation.now,
      lease: leaseTime,
    });
    await holdings.releaseOrphans(plan.orphans);
    return { ...this.#turn(), wanted: plan.wanted, surplus: plan.surplus.filter((key) => holdings.isOwned(key)) };
  }

  #turn(): Turn {
    const { reader, owned, discoveryLease, clock } = this.#parts;
    const projects = [];
    for (const { stored } of reader.known.all()) if (stored.leftAt === null) projects.push(stored);
    const lost = [...owned.takeLost().keys()];
    const last = reader.seen?.situation;
    const discoveries = Object.fromEntries((last?.accounts ?? []).flatMap(discoveryOf));
    const now = last?.now ?? clock.now();
    return { projects, wanted: [], surplus: [], lost, discovers: discoveryLease.fence !== null, discoveries, now };
  }

  /** After a failover all is read anew, and nobody claims before every member has had the time to renew what the database has lost. */
  async #paused({ situation }: Seen): Promise<Turn> {
    const { lease, holdings, discoveryLease, clock, logger, leaseTime } = this.#parts;
    holdings.loseAll('behind');
    discoveryLease.lose();
    const now = clock.elapsed();
    this.#pausedSince ??= now;
    const { metaTimeline, timeline } = situation;
    if (now - this.#pausedSince >= leaseTime / 1000 && (await endPause(lease, metaTimeline, timeline ?? ''))) {
      logger.warn('The members go by the new timeline of PostgreSQL from now on', { from: metaTimeline, timeline });
    }
    return this.withoutDatabase();
  }

  async #rulesInForce({ situation }: Seen, hasStood: boolean): Promise<string | null> {
    const { lease, logger, self, leaseTime } = this.#parts;
    const { rules: inForce, members, now } = situation;
    const own = self().rules;
    const isOther = inForce !== own;
    const voting = { inForce, members, now, lease: leaseTime, hasStood };
    if (isOther && mayAdopt(voting)) {
      if (!(await adopt(lease, own, voting))) return inForce;
      this.#isWaiting = false;
      if (inForce !== null)
        logger.info('The configuration of this replica is in force from now on', { from: inForce, rules: own });
      return own;
    }
    if (isOther && !this.#isWaiting) {
      logger.warn('Replicas with another configuration are running: this one polls nothing until they have gone', {
        in_force: inForce,
        rules: own,
      });
    }
    this.#isWaiting = isOther;
    return inForce;
  }

  /** Discoveries select projects, so they need the rules in force. */
  async #followDiscovery({ situation }: Seen, inForce: string | null): Promise<void> {
    const { lease, discoveryLease, clock, self, leaseTime } = this.#parts;
    const { id, rules } = self();
    const yields = clock.elapsed() < this.#yieldsUntil && hasOther(situation, self(), leaseTime);
    if (rules !== inForce || yields) return discoveryLease.leave(id);
    await discoveryLease.take(id);
    if (discoveryLease.fence === null || clock.elapsed() < this.#cleanAt) return;
    this.#cleanAt = clock.elapsed() + CLEANING_MS;
    await removeDead(lease, id, leaseTime, KEPT);
  }
}

/** Whether another member lives that has these rules. */
function hasOther({ members, now }: Situation, { id, rules }: Self, lease: Micros): boolean {
  return members.some((other) => other.id !== id && other.rules === rules && isStanding(other.leaseUntil, now, lease));
}

function discoveryOf({ name, discoveredAt }: AccountRow): readonly (readonly [string, Micros])[] {
  return discoveredAt === null ? [] : [[name, discoveredAt]];
}
