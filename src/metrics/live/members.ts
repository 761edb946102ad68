/** What a member of a shared state counts, and what it knows of the members; there only where several processes share the state. */
import type { Registry } from 'prom-client';
import type { MemberFacts, ReplicaObserver } from '../../domain/replicas.ts';
import { MEMBERS } from '../catalog.ts';
import { counter, gauge, histogram } from './instruments.ts';

/** Seconds; a refresh is given up after 2 s. */
const REFRESH_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2];

/** Reasons for which a commit is lost: values of the label `reason`, at 0 from the start. */
const LOST_REASONS: readonly Parameters<ReplicaObserver['commitLost']>[0][] = ['owner', 'behind', 'deadline'];

export type MemberInstruments = ReturnType<typeof createMemberInstruments>;

/** Makes the instruments in `registry`, in the order of the catalogue. */
export function createMemberInstruments(registry: Registry) {
  const instruments = {
    members: gauge(registry, MEMBERS.members),
    lease: gauge(registry, MEMBERS.lease),
    owned: gauge(registry, MEMBERS.owned),
    claims: counter(registry, MEMBERS.claims),
    commitsLost: counter(registry, MEMBERS.commitsLost),
    commitsInDoubt: counter(registry, MEMBERS.commitsInDoubt),
    renewals: counter(registry, MEMBERS.renewals),
    rules: gauge(registry, MEMBERS.rules),
    refreshDuration: histogram(registry, MEMBERS.refreshDuration, REFRESH_BUCKETS),
  } satisfies Record<Exclude<keyof typeof MEMBERS, 'unowned'>, unknown>;
  for (const reason of LOST_REASONS) instruments.commitsLost.inc({ reason }, 0);
  return instruments;
}

export function createReplicaObserver(instruments: MemberInstruments): ReplicaObserver {
  const { claims, commitsLost, commitsInDoubt, renewals, refreshDuration } = instruments;
  return {
    claimed: (projects) => claims.inc(projects),
    commitLost: (reason) => commitsLost.inc({ reason }),
    commitInDoubt: () => commitsInDoubt.inc(),
    renewed: (projects) => renewals.inc(projects),
    refreshed: (seconds) => refreshDuration.observe(seconds),
  };
}

/** Sets the gauges; null: this process is no member yet. */
export function showMembers({ members, lease, owned, rules }: MemberInstruments, facts: MemberFacts | null): void {
  for (const metric of [members, lease, owned]) metric.remove();
  rules.reset();
  if (facts === null) return;
  members.set(facts.members.length);
  lease.set(facts.leaseSeconds);
  owned.set(facts.owned);
  rules.set({ hash: facts.rules }, 1);
}

/** For a state of one process, where none of this happens. */
export const NO_REPLICAS: ReplicaObserver = {
  claimed: () => undefined,
  commitLost: () => undefined,
  commitInDoubt: () => undefined,
  renewed: () => undefined,
  refreshed: () => undefined,
};
