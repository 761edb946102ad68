/**
 * `state renew` on a state that members have filled: counters restart at 0, or are kept, or a running replica prevents
 * it.
 */
import { describe, expect, it } from 'vitest';
import { skipReason } from '../../../support/postgres.ts';
import { until } from '../../../support/until.ts';
import { added, commitOf, rowOf, VERIFIED } from '../../contract/values.ts';
import { renew } from '../support.ts';
import { admit, membersForTests } from './group.ts';
import { LASTING } from './tunings.ts';

describe.skipIf(skipReason() !== null)('state renew', () => {
  const members = membersForTests();

  /** Two projects with a counted run each; whoever counted them has stopped. */
  const counted = async (): Promise<void> => {
    const a = await members.join('a', { tuning: LASTING });
    await admit(a, 2);
    await until('a has both', () => a.held.size === 2);
    for (const key of a.held.keys()) {
      await a.state.store.commit(commitOf(key, [added(rowOf(0, 's', { fillable: 1, history: VERIFIED }))]));
    }
    await members.part(a).stop();
    await members.sql(`UPDATE llamacloud_exporter.meta SET system_identifier = '1', generation = 1`);
  };
  const runs = async (): Promise<number> => {
    const a = await members.join('a', { tuning: LASTING });
    await until('a has both', () => a.held.size === 2);
    return [...a.held.values()].reduce((sum, { stored }) => sum + stored.totals.counters.runs, 0);
  };

  it('begins all counters again, and keeps rows as the baseline', async () => {
    await counted();
    await expect(members.join('a')).rejects.toMatchObject({ code: 'startup' });
    expect(await renew(members.url)).toBe(2);
    expect(await runs()).toBe(0);
    expect(
      await members.sql(
        'SELECT count(*)::int AS n FROM llamacloud_exporter.session WHERE place IS NULL AND fillable = 0',
      ),
    ).toEqual({ n: 2 });
    expect(await members.sql('SELECT generation::int AS n FROM llamacloud_exporter.meta')).toEqual({ n: 2 });
  });

  it('keeps the counters of a database that has moved', async () => {
    await counted();
    expect(await renew(members.url, true)).toBe(0);
    expect(await runs()).toBe(2);
  });

  it('refuses while a replica is running', async () => {
    const a = await members.join('a');
    await until('a lives', () => a.state.replicas.isAlive());
    await expect(renew(members.url)).rejects.toMatchObject({
      code: 'startup',
      message: 'The state is in use: a replica is running (a).',
    });
    expect(await members.sql('SELECT count(*)::int AS n FROM llamacloud_exporter.member')).toEqual({ n: 1 });
  });
});
