/** A refresh brings every commit and publication of other members, and never steps back. */
import { describe, expect, it } from 'vitest';
import type { Owned } from '../../../../src/domain/replicas.ts';
import { HOUR, MINUTE } from '../../../../src/domain/time.ts';
import { skipReason } from '../../../support/postgres.ts';
import { until } from '../../../support/until.ts';
import { added, commitOf, rowOf, statsOf } from '../../contract/values.ts';
import { admit, membersForTests } from './group.ts';
import type { TestMember } from './test-member.ts';
import { LASTING } from './tunings.ts';

describe.skipIf(skipReason() !== null)('a refresh of a shared state', () => {
  const members = membersForTests();

  /** An owner of three projects, and another member, whose rules are not in force. */
  const pair = async (): Promise<readonly [owner: TestMember, other: TestMember]> => {
    const owner = await members.join('owner', { tuning: LASTING });
    await admit(owner, 3);
    await until('the owner has all', () => owner.held.size === 3);
    const other = await members.join('other', { tuning: LASTING, rules: 'other' });
    await until('the other lives', () => other.state.replicas.isAlive());
    return [owner, other];
  };
  const keyOf = (owner: TestMember, id: string): Owned =>
    [...owner.held.values()].find(({ stored }) => stored.project.id === id)?.key as Owned;

  it('shows every commit that came before it, on every member', async () => {
    const [owner, other] = await pair();
    const key = keyOf(owner, 'p1');
    const rows = Array.from({ length: 8 }, (_, no) => rowOf(no, `s${no}`));
    for (const [no, row] of rows.entries()) {
      await owner.state.store.commit(commitOf(key, [added(row)]));
      await Promise.all([owner, other].map(({ state }) => state.refresher.refresh()));
      expect([owner, other].map(({ views }) => views.get('p1')?.totals.counters.runs)).toEqual([no + 1, no + 1]);
    }
    expect(other.views.get('p0')?.totals.counters.runs).toBe(0);
    expect(other.told.shared).toMatchObject({
      live: 8,
      deleted: 0,
      unowned: 0,
      accounts: [{ name: 'default', up: true, projects: 3 }],
    });
    expect(other.told.refreshes.length).toBeGreaterThanOrEqual(8);
  });

  it('never steps back for concurrent callers', async () => {
    const [owner, other] = await pair();
    const key = keyOf(owner, 'p0');
    const seen: number[] = [];
    const ask = async (): Promise<void> => {
      for (let round = 0; round < 8; round += 1) {
        await other.state.refresher.refresh();
        seen.push(other.views.get('p0')?.totals.counters.runs ?? -1);
      }
    };
    const write = async (): Promise<void> => {
      for (let no = 0; no < 15; no += 1) await owner.state.store.commit(commitOf(key, [added(rowOf(no, `s${no}`))]));
    };
    await Promise.all([ask(), ask(), write()]);
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
    await other.state.refresher.refresh();
    expect(other.views.get('p0')?.totals.counters.runs).toBe(15);
  });

  it('shows what its owner publishes, on our clock', async () => {
    const [owner, other] = await pair();
    const before = other.views.get('p2');
    expect(before).toMatchObject({ polls: { up: null, staleReads: 0 }, activity: null, freshUntil: null });
    const freshUntil = Date.now() * 1000 + HOUR;
    const activity = { m5: 1, h1: 2, h24: 3 };
    const view = owner.views.get('p2') ?? (await refreshed(owner, 'p2'));
    owner.state.publisher.put({ ...view, polls: statsOf(7), activity, indexes: [['i', 4]], seenUpTo: 9, freshUntil });
    await owner.state.flush();
    const shown = await refreshed(other, 'p2');
    expect(shown).toMatchObject({ polls: statsOf(7), activity, indexes: [['i', 4]], seenUpTo: 9 });
    expect(Math.abs((shown.freshUntil ?? 0) - freshUntil)).toBeLessThan(MINUTE);
  });

  it('drops projects that leave or are purged', async () => {
    const [owner, other] = await pair();
    await other.state.refresher.refresh();
    expect([...other.views.keys()].toSorted((a, b) => (a < b ? -1 : 1))).toEqual(['p0', 'p1', 'p2']);
    const leaving = { ...owner.held.get(keyOf(owner, 'p0'))?.stored, absences: 2, leftAt: 5 };
    await owner.state.store.admit('default', null, [leaving as never]);
    await other.state.refresher.refresh();
    expect([...other.views.keys()]).not.toContain('p0');
    expect(other.told.shared?.unowned).toBe(0);
    await owner.state.store.purgeDeparted(10);
    await other.state.refresher.refresh();
    await until('the owner has lost it', () => owner.everLost.length === 1);
    expect(other.views.size).toBe(2);
  });

  it('says what is wrong with stored totals', async () => {
    const [, other] = await pair();
    await members.sql('UPDATE llamacloud_exporter.ledger SET checksum = 1, version = gen_random_uuid()');
    await expect(other.state.refresher.refresh()).rejects.toMatchObject({
      code: 'startup',
      message: expect.stringMatching(/checksum/),
    });
    expect(other.state.refresher.failure?.message).toContain('damaged');
    expect(other.told.fatal.length).toBeGreaterThan(0);
  });
});

async function refreshed(member: TestMember, id: string) {
  await member.state.refresher.refresh();
  const view = member.views.get(id);
  if (view === undefined) throw new Error(`${id} is not shown`);
  return view;
}
