/**
 * `state renew` on a state that members have filled: counters restart at 0, or are kept, or a running replica prevents
 * it.
 */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../../../src/clock.ts';
import { renewPostgres } from '../../../../src/state/postgres/renew.ts';
import { RecordingLogger } from '../../../fakes/recording-logger.ts';
import { skipReason } from '../../../support/postgres.ts';
import { added, commitOf, rowOf, VERIFIED, ZERO_TOTALS } from '../../contract/values.ts';
import { MemberGroup } from './group.ts';
import { admit, LASTING, until } from './support.ts';

describe.skipIf(skipReason() !== null)('state renew', () => {
  let cast: MemberGroup;
  beforeAll(async () => {
    cast = await MemberGroup.start();
  });
  afterEach(() => cast.clear());
  afterAll(() => cast?.stop());

  const renew = (keep: boolean): Promise<number> =>
    renewPostgres(cast.url, {
      clock: systemClock,
      logger: new RecordingLogger(),
      name: 'host',
      version: 'test',
      password: () => null,
      zeroTotals: () => ZERO_TOTALS,
      keep,
    });
  /** Two projects with a counted run each; whoever counted them has stopped. */
  const counted = async (): Promise<void> => {
    const a = await cast.join('a', { tuning: LASTING });
    await admit(a, 2);
    await until('a has both', () => a.held.size === 2);
    for (const key of a.held.keys()) {
      await a.state.store.commit(commitOf(key, [added(rowOf(0, 's', { fillable: 1, history: VERIFIED }))]));
    }
    await cast.part(a).stop();
    await cast.sql(`UPDATE llamacloud_exporter.meta SET system_identifier = '1', generation = 1`);
  };
  const runs = async (): Promise<number> => {
    const a = await cast.join('a', { tuning: LASTING });
    await until('a has both', () => a.held.size === 2);
    return [...a.held.values()].reduce((sum, { stored }) => sum + stored.totals.counters.runs, 0);
  };

  it('begins all counters again, and keeps rows as the baseline', async () => {
    await counted();
    await expect(cast.join('a')).rejects.toMatchObject({ code: 'startup' });
    expect(await renew(false)).toBe(2);
    expect(await runs()).toBe(0);
    expect(
      await cast.sql('SELECT count(*)::int AS n FROM llamacloud_exporter.session WHERE place IS NULL AND fillable = 0'),
    ).toEqual({ n: 2 });
    expect(await cast.sql('SELECT generation::int AS n FROM llamacloud_exporter.meta')).toEqual({ n: 2 });
  });

  it('keeps the counters of a database that has moved', async () => {
    await counted();
    expect(await renew(true)).toBe(0);
    expect(await runs()).toBe(2);
  });

  it('refuses while a replica is running', async () => {
    const a = await cast.join('a');
    await until('a lives', () => a.state.replicas.isAlive());
    await expect(renew(false)).rejects.toMatchObject({
      code: 'startup',
      message: 'The state is in use: a replica is running (a).',
    });
    expect(await cast.sql('SELECT count(*)::int AS n FROM llamacloud_exporter.member')).toEqual({ n: 1 });
  });
});
