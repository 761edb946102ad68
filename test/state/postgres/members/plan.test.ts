/** Which projects a member claims or gives back, decided without a database. */
import { describe, expect, it } from 'vitest';
import { NO_CURSORS } from '../../../../src/domain/store.ts';
import { type PlanInput, planOf } from '../../../../src/state/postgres/members/plan.ts';
import type { KnownProject } from '../../../../src/state/postgres/refresh/project-rows.ts';
import type { MemberRow } from '../../../../src/state/postgres/refresh/situation.ts';
import { projectOf, ZERO_TOTALS } from '../../contract/values.ts';

const member = (id: string, more: Partial<MemberRow> = {}): MemberRow => ({
  id,
  name: id,
  rules: 'r',
  standsSince: 0,
  leaseUntil: 1_050,
  ...more,
});

const known = (key: number, owner: string | null, leftAt: number | null = null): KnownProject => ({
  stored: {
    key,
    project: projectOf(`p${key}`),
    epoch: 0,
    absences: 0,
    leftAt,
    totals: ZERO_TOTALS,
    cursors: NO_CURSORS,
    stats: null,
  },
  shown: null,
  versionHash: 1n,
  owner,
  fence: 7,
  rev: 0,
  commitId: '',
  shownFence: 0,
  shownN: 0,
  admittedAt: 0,
});

const plan = (projects: readonly KnownProject[], more: Partial<PlanInput> = {}) =>
  planOf({
    self: 'a',
    rules: 'r',
    inForce: 'r',
    members: [member('a')],
    projects,
    now: 1_000,
    lease: 100,
    hasStood: false,
    isOwned: () => false,
    isClaiming: () => false,
    ...more,
  });

const all = (owner: string | null, count = 40): readonly KnownProject[] =>
  Array.from({ length: count }, (_, key) => known(key, owner));

describe('what a member should claim and give back', () => {
  it('takes the share of a member that keeps dying, and gives it none', () => {
    const again = member('b2', { name: 'b', standsSince: 960 });
    const died = member('b1', { name: 'b', standsSince: 800, leaseUntil: 940 });
    const more = { members: [member('a'), again, died], hasStood: true };
    expect(plan(all('b1'), more).wanted).toHaveLength(40);
    expect(plan(all(null), more).wanted).toHaveLength(40);
    expect(plan(all('a'), { ...more, isOwned: () => true }).surplus).toEqual([]);
    expect(plan(all(null), { ...more, self: 'b2', hasStood: false }).wanted).toEqual([]);
  });

  it('keeps the share of a member that died once, and of one that has stood since', () => {
    const again = member('b2', { name: 'b', standsSince: 960 });
    const lived = member('b1', { name: 'b', standsSince: 0, leaseUntil: 940 });
    const share = plan(all(null), { members: [member('a'), again] }).wanted.length;
    expect(plan(all(null), { members: [member('a'), again, lived] }).wanted).toHaveLength(share);
    const stood = { ...again, standsSince: 900 };
    expect(plan(all(null), { members: [member('a'), stood, { ...lived, standsSince: 800 }] }).wanted).toHaveLength(
      share,
    );
    expect(share).toBeLessThan(40);
  });

  it('takes what it can where it is the only one and keeps dying', () => {
    const again = member('a', { standsSince: 960 });
    const died = member('a1', { name: 'a', standsSince: 800, leaseUntil: 940 });
    expect(plan(all(null), { members: [again, died] }).wanted).toHaveLength(40);
  });

  it('wants what is free or its own already, but nothing that has left', () => {
    expect(plan([known(1, null), known(2, 'a'), known(3, null, 5), known(4, 'b')]).wanted).toEqual([1, 2]);
  });

  it('takes from the dead only after its lease has stood', () => {
    const members = [member('a'), member('b', { leaseUntil: 999 }), member('c', { leaseUntil: 1_101 })];
    const projects = [known(1, 'b'), known(2, 'c'), known(3, 'unknown')];
    expect(plan(projects, { members }).wanted).toEqual([]);
    expect(plan(projects, { members, hasStood: true }).wanted).toEqual([1, 2, 3]);
  });

  it('takes from the dead at once where another member has stood, which proves that there was no outage', () => {
    const young = member('a', { standsSince: 990 });
    const projects = [known(1, 'dead'), known(2, 'dead')];
    const wanted = (other: MemberRow) => plan(projects, { self: 'a', members: [young, other] }).wanted;
    const others = member('b', { standsSince: 0, rules: 'other' }); // hashing gives it nothing
    expect(wanted(others)).toEqual([1, 2]);
    expect(wanted({ ...others, standsSince: 950 })).toEqual([]);
    expect(wanted({ ...others, leaseUntil: 999 })).toEqual([]);
  });

  it('leaves alone what it is claiming', () => {
    expect(plan([known(1, null)], { isClaiming: () => true }).wanted).toEqual([]);
  });

  it('gives back a tenth at most, and one at least', () => {
    const members = [member('a'), member('b')];
    const { surplus, wanted } = plan(all('a'), { members, isOwned: () => true });
    expect(surplus).toHaveLength(4);
    expect(wanted).toEqual([]);
    expect(plan(all('a', 9), { members, isOwned: () => true }).surplus).toHaveLength(1);
  });

  it('gives back all under rules that are not in force', () => {
    const members = [member('a', { rules: 'other' }), member('b')];
    const { surplus, wanted } = plan(all('a'), { members, rules: 'other', isOwned: () => true });
    expect(surplus).toHaveLength(40);
    expect(wanted).toEqual([]);
    expect(plan(all(null), { members, rules: 'other' }).wanted).toEqual([]);
  });

  it('finds what a claim that was cut off has left', () => {
    const { wanted, orphans } = plan(all('a'), { members: [member('a'), member('b')] });
    expect(orphans.size).toBeGreaterThan(0);
    expect(wanted.length + orphans.size).toBe(40);
    expect(new Set(orphans.values())).toEqual(new Set([7]));
  });
});
