/** Members after a failover: they wait for one lease, renew the projects that lost commits, and continue. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { Owned } from '../../../../src/domain/replicas.ts';
import type { ProjectView } from '../../../../src/domain/view.ts';
import { timelineOf } from '../../../../src/state/postgres/failover/server.ts';
import type { Server } from '../../../../src/state/postgres/refresh/situation.ts';
import { skipReason } from '../../../support/postgres.ts';
import { until } from '../../../support/until.ts';
import { added, commitOf, rowOf, statsOf, VERIFIED } from '../../contract/values.ts';
import { admit, holder, membersForTests } from './group.ts';

const SERVER: Server = {
  system: '1',
  metaSystem: '1',
  inRecovery: false,
  timeline: '00000002',
  metaTimeline: '00000002',
  generation: 1,
};

describe('the server that answers', () => {
  it('is believed on a later timeline', () => {
    expect(timelineOf(SERVER, '00000001')).toBe('00000002');
    expect(timelineOf(SERVER, null)).toBe('00000002');
  });

  it('is not believed once it was replaced', () => {
    expect(() => timelineOf(SERVER, '00000003')).toThrow('another one has been promoted');
    expect(() => timelineOf({ ...SERVER, timeline: '00000009' }, '0000000A')).toThrow('promoted');
  });

  it('is not believed in recovery', () => {
    expect(() => timelineOf({ ...SERVER, inRecovery: true, timeline: null }, null)).toThrow('standby');
  });

  it('is refused where its state was written elsewhere', () => {
    expect(() => timelineOf({ ...SERVER, metaSystem: '2' }, null)).toThrow(
      expect.objectContaining({ code: 'startup' }),
    );
  });
});

/** In place of the server's own timeline: what a promotion would show. */
const promoteTo = (timeline: string): string =>
  `CREATE OR REPLACE FUNCTION llamacloud_exporter.timeline() RETURNS text LANGUAGE sql AS $$ SELECT '${timeline}' $$`;
const LEDGER =
  'SELECT project, value, checksum, rev, commit_id, next_no FROM llamacloud_exporter.ledger WHERE project =';

describe.skipIf(skipReason() !== null)('members after a failover', () => {
  const members = membersForTests();
  beforeEach(async () => {
    await members.sql(promoteTo('00000001'));
    await members.sql(`UPDATE llamacloud_exporter.meta SET timeline = '00000001'`);
  });

  const pauseHasEnded = async (): Promise<boolean> =>
    (await members.sql('SELECT timeline FROM llamacloud_exporter.meta'))?.['timeline'] === '00000002';

  it('wait for one lease, renew what was lost, and continue', async () => {
    const a = await members.join('a');
    await admit(a, 2);
    await until('a has both', () => a.held.size === 2);
    const [lost, kept] = [...a.held.keys()] as [Owned, Owned];
    const { store, refresher, publisher } = a.state;
    await store.commit(commitOf(lost, [added(rowOf(0, 's0', { fillable: 3, history: VERIFIED }))]));
    await store.commit(commitOf(kept, [added(rowOf(0, 's0'))]));
    await members.sql(`CREATE TABLE before AS ${LEDGER} ${lost}`);
    await store.commit(commitOf(lost, [added(rowOf(1, 's1'))]));
    await refresher.refresh();
    const id = a.held.get(lost)?.stored.project.id ?? '';
    const other = a.held.get(kept)?.stored.project.id ?? '';
    publisher.put({ ...(a.views.get(id) as ProjectView), polls: statsOf(5) });
    await a.state.flush();
    await refresher.refresh();
    expect(a.views.get(id)?.polls.polls.head.success).toBe(5);

    await members.sql(`${promoteTo('00000002')};
      UPDATE llamacloud_exporter.ledger AS l
      SET value = b.value, checksum = b.checksum, rev = b.rev, commit_id = b.commit_id, next_no = b.next_no, version = gen_random_uuid()
      FROM before AS b WHERE b.project = l.project;
      DELETE FROM llamacloud_exporter.session WHERE no = 1;
      DROP TABLE before`);

    await expect(refresher.refresh()).rejects.toThrow('failed over');
    const began = performance.now();
    await until('both are lost', () => a.everLost.length === 2);
    await until('the pause ends', pauseHasEnded);
    expect(performance.now() - began).toBeGreaterThan(1_000);
    await until('a has both again', () => a.held.size === 2);
    await refresher.refresh();
    expect(a.views.get(id)?.totals).toMatchObject({ counters: { runs: 0 }, gauges: { ok: 1 }, nextNo: 1 });
    expect(a.views.get(id)?.polls.polls.head.success).toBe(0);
    expect(a.views.get(other)?.totals.counters.runs).toBe(1);
    expect(a.told.renewals).toBe(1);
    const row = await members.sql(
      'SELECT fillable, place, stop, since FROM llamacloud_exporter.session WHERE project = $1',
      [lost],
    );
    expect(row).toEqual({ fillable: 0, place: null, stop: null, since: null });
    expect(a.held.get(lost)?.stored.cursors.watermark).toBeGreaterThan(1_000_000);
    const warnings = a.logger.lines.filter(({ level }) => level === 'warn').map(({ message }) => message);
    expect(warnings.filter((message) => message.includes('counters restart at 0'))).toHaveLength(1);
    expect(warnings).toContain('The members go by the new timeline of PostgreSQL from now on');
    const claimed = a.held.get(lost);
    expect(claimed?.stored.epoch).toBeGreaterThan(1_000_000);
    await store.commit(commitOf(lost, [added(rowOf(1, 's1'))]));
  });

  it('renew also a project of which only polls were lost', async () => {
    const a = await members.join('a');
    await admit(a, 1);
    await until('a has it', () => a.held.size === 1);
    const [id] = [...a.held.values()].map(({ stored }) => stored.project.id) as [string];
    const { refresher, publisher } = a.state;
    await refresher.refresh();
    const show = async (polls: number): Promise<void> => {
      publisher.put({ ...(a.views.get(id) as ProjectView), polls: statsOf(polls) });
      await a.state.flush();
      await refresher.refresh();
      expect(a.views.get(id)?.polls.polls.head.success).toBe(polls);
    };
    await show(5);
    await members.sql(
      'CREATE TABLE before AS SELECT project, shown, shown_fence, shown_n FROM llamacloud_exporter.ledger',
    );
    await show(9);
    await members.sql(`${promoteTo('00000002')};
      UPDATE llamacloud_exporter.ledger AS l
      SET shown = b.shown, shown_fence = b.shown_fence, shown_n = b.shown_n, version = gen_random_uuid()
      FROM before AS b WHERE b.project = l.project;
      DROP TABLE before`);
    await until('the pause ends', pauseHasEnded);
    await until('a has it again', () => a.held.size === 1 && a.everLost.length === 1);
    await refresher.refresh();
    expect(a.views.get(id)?.polls.polls.head.success).toBe(0);
    expect(a.told.renewals).toBe(1);
  });

  it('renews nothing where nothing was lost', async () => {
    const [a, b] = [await members.join('a'), await members.join('b')];
    await admit(await holder([a, b]), 6);
    await until('all are held', () => a.held.size + b.held.size === 6);
    await members.sql(promoteTo('00000002'));
    await until('the pause ends', pauseHasEnded);
    expect(a.everLost.length + b.everLost.length).toBeGreaterThan(0);
    await until('all are held again', () => a.held.size + b.held.size === 6);
    expect([a.told.renewals, b.told.renewals]).toEqual([0, 0]);
    const ended = [...a.logger.lines, ...b.logger.lines].filter(({ message }) =>
      message.includes('go by the new timeline'),
    );
    expect(ended).toHaveLength(1);
  });

  it('continue after one that none of them has seen', async () => {
    await members.sql(promoteTo('00000002'));
    const a = await members.join('a');
    await until('the pause ends', pauseHasEnded);
    await admit(a, 1);
    await until('a has it', () => a.held.size === 1);
    expect(a.told.renewals).toBe(0);
  });

  it('renews where the database went back in silence', async () => {
    const a = await members.join('a');
    await admit(a, 1);
    await until('a has it', () => a.held.size === 1);
    const [key] = [...a.held.keys()] as [Owned];
    await a.state.store.commit(commitOf(key, [added(rowOf(0, 's0'))]));
    await a.state.refresher.refresh();
    await members.sql(
      'UPDATE llamacloud_exporter.ledger SET rev = 0, commit_id = gen_random_uuid(), version = gen_random_uuid()',
    );
    await until('it is renewed', () => a.told.renewals === 1);
    await until('a has it again', () => a.held.size === 1 && a.everLost.length === 1);
    await a.state.refresher.refresh();
    expect(a.views.get('p0')?.totals.counters.runs).toBe(0);
  });

  it('stops on a server of another origin', async () => {
    const a = await members.join('a');
    await until('a lives', () => a.state.replicas.isAlive());
    const before = await members.sql('SELECT system_identifier AS id FROM llamacloud_exporter.meta');
    await members.sql(`UPDATE llamacloud_exporter.meta SET system_identifier = '1'`);
    await until('a is told', () => a.told.fatal.length > 0);
    expect(a.told.fatal[0]?.fix).toContain('state renew --keep');
    await members.sql('UPDATE llamacloud_exporter.meta SET system_identifier = $1', [before?.['id']]);
  });
});
