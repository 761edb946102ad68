/** Members over one database share projects out, and take them over when a member stops, vanishes or freezes. */
import { describe, expect, it } from 'vitest';
import type { Owned } from '../../../../src/domain/replicas.ts';
import { SECOND } from '../../../../src/domain/time.ts';
import { skipReason } from '../../../support/postgres.ts';
import { until } from '../../../support/until.ts';
import { commitOf } from '../../contract/values.ts';
import { admit, areShared, holder, membersForTests, shares } from './group.ts';
import { LASTING, QUICK } from './tunings.ts';

/** Another member, unknown, claims everything. */
const OUST =
  'UPDATE llamacloud_exporter.ledger SET owner = gen_random_uuid(), fence = fence + 1, version = gen_random_uuid()';

describe.skipIf(skipReason() !== null)('members over one database', () => {
  const members = membersForTests();

  it('gives one member everything', async () => {
    const a = await members.join('a', { tuning: LASTING });
    await admit(a, 20);
    await until('a has all', () => a.held.size === 20);
    expect(a.everLost).toEqual([]);
    expect(a.state.replicas.facts()).toMatchObject({
      owned: 20,
      rules: 'rules',
      members: [{ name: 'a', isSelf: true }],
    });
    expect([...a.held.values()][0]?.admittedFor).toBeGreaterThanOrEqual(0);
  });

  it('shares out and takes back', async () => {
    const a = await members.join('a', { tuning: LASTING });
    await admit(a, 30);
    await until('a has all', () => a.held.size === 30);
    const [b, c] = [await members.join('b', { tuning: LASTING }), await members.join('c', { tuning: LASTING })];
    await until('three have all', () => areShared([a, b, c], 30) && Math.min(...shares([a, b, c])) >= 5);
    expect(a.everLost).toEqual([]);
    await members.part(b).stop();
    await until('two have all', () => areShared([a, c], 30));
    expect(await members.sql('SELECT count(*)::int AS n FROM llamacloud_exporter.member')).toEqual({ n: 2 });
    expect([...a.everLost, ...c.everLost]).toEqual([]);
  });

  it('takes over what a leaving member gives back, and nothing that it still has', async () => {
    const [a, b] = [await members.join('a', { tuning: LASTING }), await members.join('b', { tuning: LASTING })];
    await admit(await holder([a, b]), 20);
    await until('two have all', () => areShared([a, b], 20));
    const [first, second] = [...a.held.keys()] as [Owned, Owned];
    a.state.replicas.leave();
    await until('b has it', async () => {
      await a.state.replicas.release([first]); // a turn that was under way may claim it again
      return b.held.has(first);
    });
    expect(b.held.has(second)).toBe(false);
    await a.state.store.commit(commitOf(second, []));
    await members.part(a).stop();
    await until('b has all', () => b.held.size === 20);
    expect(b.everLost).toEqual([]);
  });

  it('takes over after a member vanishes', async () => {
    const [a, b] = [await members.join('a'), await members.join('b')];
    await admit(await holder([a, b]), 20);
    await until('two have all', () => areShared([a, b], 20));
    const began = performance.now();
    await members.part(b).vanish();
    await until('a has all', () => a.held.size === 20);
    expect(performance.now() - began).toBeGreaterThan(500);
    await until('a discovers', () => a.discovers);
  });

  it('takes over in the same time what a member had that restarts at once under its name', async () => {
    const tuning = { ...QUICK, lease: 4 * SECOND, deadlineMs: 3_200 };
    const [a, b] = [await members.join('a', { tuning }), await members.join('b', { tuning })];
    await admit(await holder([a, b]), 20);
    await until('two have all', () => areShared([a, b], 20));
    await members.sql("UPDATE llamacloud_exporter.member SET stood_since = stood_since - 60000000 WHERE name = 'b'"); // no early death
    await members.part(b).vanish();
    const left = `SELECT (lease_until - llamacloud_exporter.now_us()) / 1e6 < 1 AS soon FROM llamacloud_exporter.member WHERE name = 'b'`;
    await until('its lease ends soon', async () => (await members.sql(left))?.['soon'] === true);
    const again = await members.join('b', { tuning });
    const stood = `SELECT llamacloud_exporter.now_us() - stood_since > 4000000 AS has FROM llamacloud_exporter.member ORDER BY started_at DESC`;
    await until('the two have all', () => areShared([a, again], 20));
    expect(await members.sql(stood)).toEqual({ has: false });
  });

  it('stops a frozen member, and lets it come back', async () => {
    const [a, b] = [await members.join('a'), await members.join('b')];
    await admit(await holder([a, b]), 20);
    await until('two have all', () => areShared([a, b], 20));
    const [key] = b.held.keys() as Iterable<Owned>;
    b.freeze();
    await until('b takes itself for dead', () => !b.state.replicas.isAlive());
    expect(
      await members.sql(`SELECT owner IS NOT NULL AS n FROM llamacloud_exporter.ledger WHERE project = ${key}`),
    ).toEqual({ n: true });
    await expect(b.state.refresher.refresh()).rejects.toThrow('no successful heartbeat');
    await until('a has all', () => a.held.size === 20);
    await expect(b.state.store.commit(commitOf(key as Owned, []))).rejects.toThrow('was lost');
    b.thaw();
    await until('b has lost all', () => b.everLost.length > 0);
    await until('two have all again', () => areShared([a, b], 20) && b.held.size > 0);
  });

  it('claims each project once under a race', async () => {
    const a = await members.join('a', { tuning: LASTING, claims: false });
    const others = [
      await members.join('b', { tuning: LASTING, claims: false }),
      await members.join('c', { tuning: LASTING, claims: false }),
    ];
    const all = [a, ...others];
    await admit(await holder(all), 50);
    await until('all see them', () => all.every(({ turns }) => turns.at(-1)?.projects.length === 50));
    const keys = a.turns.at(-1)?.projects.map(({ key }) => key) ?? [];
    const claimed = await Promise.all(all.map(({ state }) => state.replicas.claim(keys as never)));
    const won = claimed.flat().map(({ key }) => key);
    expect(won.toSorted((x, y) => x - y)).toEqual(keys.toSorted((x, y) => x - y));
    expect(await members.sql('SELECT max(fence)::int AS n FROM llamacloud_exporter.ledger')).toEqual({ n: 1 });
  });

  it('has one member that discovers', async () => {
    const all = await Promise.all(['a', 'b', 'c'].map((name) => members.join(name, { tuning: LASTING })));
    await until('all have had turns', () => all.every(({ turns }) => turns.length > 3));
    expect(all.filter(({ turns }) => turns.some(({ discovers }) => discovers))).toHaveLength(1);
    expect(await members.sql('SELECT fence::int AS n FROM llamacloud_exporter.census')).toEqual({ n: 1 });
  });

  it('hands discovery on where it keeps failing, and keeps it where there is nobody else', async () => {
    const a = await members.join('a', { tuning: LASTING });
    await until('a discovers', () => a.discovers);
    a.state.replicas.yieldDiscovery();
    const { length } = a.turns;
    await until('some turns went by', () => a.turns.length > length + 3);
    expect(a.turns.slice(length).every(({ discovers }) => discovers)).toBe(true);
    const b = await members.join('b', { tuning: LASTING });
    await until('b discovers', () => b.discovers && !a.discovers);
    const since = b.turns.length;
    await until('b has had turns', () => b.turns.length > since + 3);
    expect(b.discovers).toBe(true);
  });

  it('refuses the first owner after a second claim', async () => {
    const a = await members.join('a');
    await admit(a, 1);
    await until('a has it', () => a.held.size === 1);
    const [key] = a.held.keys() as Iterable<Owned>;
    await members.sql(OUST);
    await expect(a.state.store.commit(commitOf(key as Owned, []))).rejects.toThrow('claimed');
    await until('the turn says so', () => a.everLost.length === 1);
    await until('a takes it back from nobody', () => a.held.size === 1);
  });

  it('loses what it had when its row goes', async () => {
    const a = await members.join('a', { tuning: LASTING });
    await admit(a, 3);
    await until('a has all', () => a.held.size === 3);
    await members.sql('DELETE FROM llamacloud_exporter.member');
    await until('all are lost', () => a.everLost.length === 3);
    await until('and claimed again', () => a.held.size === 3);
    expect(a.state.replicas.isAlive()).toBe(true);
  });

  it('takes nothing before its lease has stood', async () => {
    const a = await members.join('a', { tuning: LASTING });
    await admit(a, 1);
    await until('a has it', () => a.held.size === 1);
    await members.sql(OUST);
    const { length } = a.turns;
    await until('some turns went by', () => a.turns.length > length + 5);
    expect(a.turns.at(-1)?.wanted).toEqual([]);
    expect(a.held.size).toBe(0);
  });
});
