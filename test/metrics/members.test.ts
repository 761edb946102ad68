/** Metrics of replicas: what one member reports about itself, and what all of them have committed. */
import { expect, test } from 'vitest';
import type { MemberFacts, SharedFacts } from '../../src/domain/replicas.ts';
import { ONLY_MEMBERS } from '../../src/metrics/catalog.ts';
import { NOW, RULES } from '../builders/values.ts';
import { type Room, read, room, samples } from './room.ts';

const FACTS: MemberFacts = {
  members: [
    { name: 'a', projects: 3, isSelf: true },
    { name: 'b', projects: 4, isSelf: false },
  ],
  leaseSeconds: 7.5,
  owned: 3,
  rules: 'cafe',
};

function member(facts: () => MemberFacts | null = () => null): Room {
  return room(RULES, false, { fresh: async () => undefined, facts });
}

/** Samples of a family of the exporter. */
async function shown(metrics: Room, name: string): Promise<string[]> {
  return samples(await read(metrics), `llamacloud_exporter_${name}`).map((line) =>
    line.replace('llamacloud_exporter_', ''),
  );
}

test('counters of a member start at 0', async () => {
  const metrics = member();
  expect(await shown(metrics, 'claims_total')).toEqual(['claims_total 0']);
  expect(await shown(metrics, 'commits_lost_total')).toEqual(
    ['owner', 'behind', 'deadline'].map((reason) => `commits_lost_total{reason="${reason}"} 0`),
  );
  expect(await shown(metrics, 'commits_in_doubt_total')).toEqual(['commits_in_doubt_total 0']);
  expect(await shown(metrics, 'state_renewals_total')).toEqual(['state_renewals_total 0']);
  expect(await shown(metrics, 'refresh_duration_seconds_count')).toEqual(['refresh_duration_seconds_count 0']);
});

test('what members report is counted', async () => {
  const metrics = member();
  const { replicas } = metrics;
  replicas.claimed(3);
  replicas.claimed(2);
  replicas.commitLost('behind');
  replicas.commitInDoubt();
  replicas.renewed(4);
  replicas.refreshed(0.004);
  expect(await shown(metrics, 'claims_total')).toEqual(['claims_total 5']);
  expect(await shown(metrics, 'commits_lost_total')).toContain('commits_lost_total{reason="behind"} 1');
  expect(await shown(metrics, 'commits_in_doubt_total')).toEqual(['commits_in_doubt_total 1']);
  expect(await shown(metrics, 'state_renewals_total')).toEqual(['state_renewals_total 4']);
  const buckets = await shown(metrics, 'refresh_duration_seconds_bucket');
  expect(buckets).toContain('refresh_duration_seconds_bucket{le="0.0025"} 0');
  expect(buckets).toContain('refresh_duration_seconds_bucket{le="0.005"} 1');
});

test('gauges of a member are as they are now, absent before', async () => {
  let facts: MemberFacts | null = null;
  const metrics = member(() => facts);
  for (const name of ['members', 'member_lease_seconds', 'projects_owned', 'rules_info']) {
    expect(await shown(metrics, name)).toEqual([]);
  }
  facts = FACTS;
  await metrics.clock.advance(1000);
  expect(await shown(metrics, 'members')).toEqual(['members 2']);
  expect(await shown(metrics, 'member_lease_seconds')).toEqual(['member_lease_seconds 7.5']);
  expect(await shown(metrics, 'projects_owned')).toEqual(['projects_owned 3']);
  expect(await shown(metrics, 'rules_info')).toEqual(['rules_info{hash="cafe"} 1']);
  facts = { ...FACTS, rules: 'f00d', leaseSeconds: 0 };
  await metrics.clock.advance(1000);
  expect(await shown(metrics, 'rules_info')).toEqual(['rules_info{hash="f00d"} 1']);
  expect(await shown(metrics, 'member_lease_seconds')).toEqual(['member_lease_seconds 0']);
});

test('a state of one process shows nothing of members', async () => {
  const metrics = room();
  metrics.replicas.claimed(1);
  const text = await read(metrics);
  for (const name of ONLY_MEMBERS) expect(text).not.toContain(name);
});

const SHARED: SharedFacts = {
  createdAt: NOW - 5_000_000,
  accounts: [
    { name: 'main', up: true, lastSuccess: NOW, projects: 7 },
    { name: 'new', up: null, lastSuccess: null, projects: 0 },
  ],
  unowned: 2,
  bytes: 8192,
  live: 0,
  deleted: 0,
};

test('the project part shows what all members have committed', async () => {
  const metrics = member();
  metrics.setShared(SHARED);
  expect(await shown(metrics, 'projects_unowned')).toEqual(['projects_unowned 2']);
  expect(await shown(metrics, 'projects')).toEqual(['projects{account="main"} 7', 'projects{account="new"} 0']);
  expect(await shown(metrics, 'discovery_up')).toEqual(['discovery_up{account="main"} 1']);
  expect(await shown(metrics, 'discovery_last_success_timestamp_seconds')).toHaveLength(1);
  expect(await shown(metrics, 'state_size_bytes')).toEqual(['state_size_bytes 8192']);
  expect(await shown(metrics, 'state_created_timestamp_seconds')).toEqual([
    'state_created_timestamp_seconds 1767225595',
  ]);
  expect(await shown(metrics, 'state_sessions')).toEqual([]);
  metrics.setShared({ ...SHARED, live: 5 });
  expect(await shown(metrics, 'state_sessions')).toContain('state_sessions{state="live"} 5');
});

test('events of one member do not change what all show', async () => {
  const metrics = member();
  metrics.setShared(SHARED);
  const before = await read(metrics, 'text', 'projects');
  const { observer } = metrics;
  observer.accountKnown('main', 'http://x');
  observer.accountKnown('mine', 'http://x');
  observer.discoverySucceeded('main', 9, NOW);
  observer.stateMeasured(1, 1, 1);
  metrics.setStateCreated(NOW);
  expect(await read(metrics, 'text', 'projects')).toBe(before);
});
