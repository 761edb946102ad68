/** A member, put together: its lease, what it owns, and what it has read of all. */
import { ExporterError } from '../../../domain/errors.ts';
import type { Logger } from '../../../domain/logger.ts';
import type { Refresher, ReplicaObserver, Replicas } from '../../../domain/replicas.ts';
import type { Clock } from '../../../domain/time.ts';
import type { DiscoveryHold } from '../admissions.ts';
import type { ZeroTotals } from '../failover/renew-project.ts';
import type { OwnedProjects } from '../owned.ts';
import { Publishing, type Sink } from '../refresh/publishing.ts';
import { Reader } from '../refresh/reader.ts';
import { PostgresRefresher } from '../refresh/refresher.ts';
import { ShownWriter } from '../refresh/shown-writer.ts';
import type { Self } from './beat.ts';
import type { Clients } from './database.ts';
import { Deadline } from './deadline.ts';
import { DiscoveryLease } from './discovery-lease.ts';
import { Holdings } from './holdings.ts';
import { memberFacts } from './member-facts.ts';
import { MemberTurns } from './member-turns.ts';
import { PostgresReplicas } from './replicas.ts';
import type { Tuning } from './tuning.ts';

export type MemberDeps = {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly replicaObserver: ReplicaObserver;
  /** The rules may change by a reload, for which the member should `hurry`. */
  readonly self: () => Self;
  readonly zeroTotals: ZeroTotals;
  /** Where the project part is served from: everything that any member has committed comes here. */
  readonly sink: Sink;
  /** The process cannot continue. */
  readonly fatal: (error: ExporterError) => void;
};

export type Member = {
  readonly replicas: Replicas;
  readonly refresher: Refresher;
  /** The discovery lease as it is held; null: another member has it. */
  readonly discoveryLease: () => DiscoveryHold | null;
  /** Publishes this member's own projects by the database. `save`: the store's. */
  readonly shownBy: (save: (shown: ReadonlyMap<number, object>) => Promise<void>) => ShownWriter;
};

export function createMember(clients: Clients, owned: OwnedProjects, deps: MemberDeps, tuning: Tuning): Member {
  const { clock, logger, replicaObserver: observer, self, zeroTotals, sink, fatal } = deps;
  const { lease, work } = clients;
  const deadline = new Deadline(clock, tuning.deadlineMs);
  const discoveryLease = new DiscoveryLease(lease, tuning.lease);
  const publishing = new Publishing(sink, tuning.lease);
  const reader = new Reader({ clients, clock, logger, observer, zeroTotals, publishing });
  const claimer = () => ({ ...self(), lease: tuning.lease });
  const refusal = (): ExporterError | null => (replicas.isAlive() ? null : dead());
  const holdings = new Holdings({ client: work, owned, observer, claimer, refusal });
  const leaseTime = tuning.lease;
  const turns = new MemberTurns({ lease, reader, discoveryLease, holdings, owned, clock, logger, self, leaseTime });
  const facts = () => {
    const { id, rules } = self();
    const own = { id, rules, leaseSeconds: deadline.leftMs() / 1000, owned: owned.keys().length };
    return memberFacts(own, reader.seen?.situation ?? null, reader.known.byOwner, tuning.lease);
  };
  const replicas = new PostgresReplicas({
    lease,
    deadline,
    discoveryLease,
    holdings,
    turns,
    clock,
    logger,
    self,
    tuning,
    facts,
    fatal,
  });
  const isAlive = (): boolean => replicas.isAlive();
  return {
    replicas,
    refresher: new PostgresRefresher({ reader, clock, observer, isAlive, limitMs: tuning.refreshMs, fatal }),
    discoveryLease: () => (discoveryLease.fence === null ? null : { member: self().id, fence: discoveryLease.fence }),
    shownBy: (save) => {
      const clocks = () => reader.seen?.clocks ?? { database: clock.now(), ours: clock.now() };
      return new ShownWriter({ save, keyOf: (id) => holdings.keyOf(id), clocks, clock, logger });
    },
  };
}

function dead(): ExporterError {
  return new ExporterError(
    'state',
    'This replica has had no successful heartbeat for too long, and may not claim projects.',
    'It claims again by itself after the next heartbeat.',
  );
}
