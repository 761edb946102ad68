/** When members with another configuration may put their rules in force. */
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { mayAdopt } from '../../../../src/state/postgres/members/rules-in-force.ts';
import type { MemberRow } from '../../../../src/state/postgres/refresh/situation.ts';
import { skipReason } from '../../../support/postgres.ts';
import { until } from '../../../support/until.ts';
import { admit, areShared, holder, membersForTests } from './group.ts';
import { LASTING } from './tunings.ts';

const member = (rules: string, leaseUntil: number): MemberRow => ({
  id: rules,
  name: rules,
  rules,
  standsSince: 0,
  leaseUntil,
});
const at = (inForce: string | null, members: readonly MemberRow[], hasStood: boolean) => ({
  inForce,
  members,
  hasStood,
  now: 1_000,
  lease: 100,
});

describe('rules in force', () => {
  it('are anybody’s at first', () => {
    expect(mayAdopt(at(null, [member('new', 1_050)], false))).toBe(true);
  });

  it('stay while a member with them lives', () => {
    expect(mayAdopt(at('old', [member('new', 1_050), member('old', 1_001)], true))).toBe(false);
  });

  it('change at once where all have given back', () => {
    expect(mayAdopt(at('old', [member('new', 1_050)], false))).toBe(true);
  });

  it('stay for one lease after an outage', () => {
    expect(mayAdopt(at('old', [member('new', 1_050), member('old', 999)], false))).toBe(false);
    expect(mayAdopt(at('old', [member('new', 1_050), member('old', 999)], true))).toBe(true);
  });

  it('change where the only members with them keep dying', () => {
    const old = { ...member('old', 1_090), name: 'x' };
    const now = { ...old, standsSince: 990 };
    const before = { ...old, id: 'before', standsSince: 800, leaseUntil: 960 };
    expect(mayAdopt(at('old', [now, before], true))).toBe(true);
    expect(mayAdopt(at('old', [now, before], false))).toBe(false);
    expect(mayAdopt(at('old', [now, { ...before, standsSince: 700 }], true))).toBe(false);
    expect(mayAdopt(at('old', [{ ...now, standsSince: 900 }, before], true))).toBe(false);
  });

  it('take a lease from a clock that went back for ended', () => {
    expect(mayAdopt(at('old', [member('old', 1_101)], true))).toBe(true);
  });
});

describe.skipIf(skipReason() !== null)('members with different rules', () => {
  const members = membersForTests();

  it('change the rules once in a roll-out', async () => {
    const a = await members.join('a', { tuning: LASTING, rules: 'old' });
    await admit(a, 10);
    await until('a has all', () => a.held.size === 10);
    const b = await members.join('b', { tuning: LASTING, rules: 'new' });
    await until('b has had turns', () => b.turns.length > 3);
    expect(b.turns.every(({ wanted, discovers }) => wanted.length === 0 && !discovers)).toBe(true);
    expect(a.everLost).toEqual([]);
    expect(b.logger.lines.filter(({ message }) => message.includes('another configuration'))).toHaveLength(1);
    await members.part(a).stop();
    await until('b has all', () => b.held.size === 10);
    expect(await members.sql('SELECT rules FROM llamacloud_exporter.meta')).toEqual({ rules: 'new' });
    await until('b discovers', () => b.discovers);
  });

  it('does not wait for a member that keeps dying', async () => {
    await members.sql(`UPDATE llamacloud_exporter.meta SET rules = 'old'`);
    await members.sql(DIED_EARLY);
    const b = await members.join('b', { rules: 'new' });
    for (let begun = 0; !b.discovers && begun < 30; begun++) {
      await members.sql(BEGUN_ANEW);
      await sleep(300);
    }
    expect(b.discovers).toBe(true);
    expect(await members.sql('SELECT rules FROM llamacloud_exporter.meta')).toEqual({ rules: 'new' });
  });

  it('gives all back after a reload of one', async () => {
    const [a, b] = [await members.join('a', { tuning: LASTING }), await members.join('b', { tuning: LASTING })];
    await admit(await holder([a, b]), 20);
    await until('two have all', () => areShared([a, b], 20));
    b.rules.value = 'changed';
    b.state.replicas.hurry();
    await until('a has all', () => a.held.size === 20);
    expect(b.held.size).toBe(0);
    expect(b.state.replicas.facts().rules).toBe('changed');
    a.rules.value = 'changed';
    a.state.replicas.hurry();
    await until('two have all under the new rules', () => areShared([a, b], 20));
  });
});

const MEMBER_A = `INSERT INTO llamacloud_exporter.member AS m (id, name, version, rules, started_at, stood_since, lease_until)
  SELECT gen_random_uuid(), 'a', 'test', 'old'`;
const CLOCK = 'FROM (SELECT llamacloud_exporter.now_us() AS now) AS clock';
/** It has lived for 0.2 s; its lease, of 1.5 s, ended a moment ago. */
const DIED_EARLY = `${MEMBER_A}, now - 2000000, now - 2000000, now - 300000 ${CLOCK}`;
const BEGUN_ANEW = `${MEMBER_A}, now, now, now + 1500000 ${CLOCK}`;
