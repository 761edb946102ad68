/** Projects, their cursors and statistics, and the size of the state. */
import { describe, expect, test } from 'vitest';
import type { PollStats } from '../../../src/domain/polls.ts';
import { type Cursors, NO_CURSORS, type Progress } from '../../../src/domain/store.ts';
import { type Kind, openNew } from './kind.ts';
import { Listener } from './listener.ts';
import { admissionOf, commitOf, projectOf, statsOf, totalsOf } from './values.ts';

export function projectsContract(kind: Kind): void {
  const CURSORS: Cursors = {
    watermark: 1,
    lastSuccess: 2,
    lastFullSweep: 3,
    lastSweepSeconds: 4.5,
    lastSweepPages: 6,
    newestFirst: true,
    overlapUs: 7,
    headOffSweeps: 2,
    sweepsWithoutMiss: 11,
    lastWholePoll: 12,
    sweepsWithoutId: 1,
    sweep: {
      startedAt: 8,
      token: 'a "token"',
      pages: 9,
      seen: new Uint8Array([1, 0, 255]),
      newestFirst: false,
      lastUpdatedAt: 10,
      droppedWithoutId: true,
    },
  };

  describe('a new state', () => {
    test('says so and restores nothing', async () => {
      const store = await openNew(kind);
      expect(await store.restore()).toEqual({
        createdAt: expect.any(Number),
        isNew: true,
        projects: [],
        discoveries: {},
      });
    });

    test('is an old one when opened again', async () => {
      const place = await kind.place();
      const store = await place.open();
      const { createdAt } = await store.restore();
      await store.close();
      expect(await (await place.open()).restore()).toMatchObject({ createdAt, isNew: false });
    });
  });

  describe('admission', () => {
    test('inserts in order with distinct keys', async () => {
      const store = await openNew(kind);
      const stored = await store.admit('eu', 42, [admissionOf('b'), admissionOf('a', { epoch: 6 })]);
      expect(stored).toMatchObject([
        { project: projectOf('b'), epoch: 5_000, cursors: NO_CURSORS },
        { project: projectOf('a'), epoch: 6 },
      ]);
      expect(new Set(stored.map(({ key }) => key)).size).toBe(2);
      expect(await store.restore()).toMatchObject({ projects: stored, discoveries: { eu: 42 } });
    });

    test('keeps epoch and totals of a known project', async () => {
      const place = await kind.place();
      const store = await place.open();
      const [first] = await store.admit('default', 1, [admissionOf('p')]);
      const key = first?.key ?? 0;
      await store.commit(commitOf(key, [], { totals: totalsOf(7), cursors: CURSORS }));
      const project = projectOf('p', { name: 'renamed', organizationId: 'o2', isDefault: true, createdAt: 3 });
      const [second] = await store.admit('default', 2, [
        admissionOf('p', { project, epoch: 9_900, absences: 2, leftAt: 8 }),
      ]);
      const kept = { epoch: 5_000, totals: totalsOf(7), cursors: CURSORS, stats: null };
      const wanted = { key, project, absences: 2, leftAt: 8, ...kept };
      expect(second).toEqual(wanted);
      await store.close();
      expect((await (await place.open()).restore()).projects).toEqual([wanted]);
    });

    test('lowers an epoch that lies ahead, and never raises it', async () => {
      const place = await kind.place();
      const store = await place.open();
      await store.admit('default', 1, [admissionOf('p', { epoch: 900 }), admissionOf('q', { epoch: 900 })]);
      const [lowered] = await store.admit('default', 2, [admissionOf('p', { epoch: 400 })]);
      expect(lowered).toMatchObject({ epoch: 400 });
      const [kept] = await store.admit('default', 3, [admissionOf('p', { epoch: 600 })]);
      expect(kept).toMatchObject({ epoch: 400 });
      await store.close();
      const { projects } = await (await place.open()).restore();
      expect(projects.map(({ epoch }) => epoch)).toEqual([400, 900]);
    });

    test('of a thousand projects keeps every one', async () => {
      const place = await kind.place();
      const store = await place.open();
      const admissions = Array.from({ length: 1_001 }, (_, i) => admissionOf(`p${i}`));
      const stored = await store.admit('default', 9, admissions);
      expect(stored.map(({ project }) => project.id)).toEqual(admissions.map(({ project }) => project.id));
      await store.close();
      expect(await (await place.open()).restore()).toMatchObject({ projects: stored, discoveries: { default: 9 } });
    });

    test('of no project notes the discovery', async () => {
      const store = await openNew(kind);
      expect(await store.admit('default', 3, [])).toEqual([]);
      expect((await store.restore()).discoveries).toEqual({ default: 3 });
    });
  });

  describe('progress', () => {
    test('is restored, statistics and the sweep’s bitmap', async () => {
      const place = await kind.place();
      const store = await place.open();
      const [p, q] = await store.admit('default', 1, [admissionOf('p'), admissionOf('q')]);
      await store.saveProgress(
        new Map([
          [p?.key ?? 0, { cursors: CURSORS, stats: statsOf(1) }],
          [q?.key ?? 0, { cursors: { ...CURSORS, sweep: null }, stats: statsOf(2) }],
        ]),
      );
      await store.close();
      const { projects } = await (await place.open()).restore();
      expect(projects.map(({ cursors }) => cursors)).toEqual([CURSORS, { ...CURSORS, sweep: null }]);
      expect(projects.map(({ stats }) => stats)).toEqual([statsOf(1), statsOf(2)]);
    });

    test('with a bitmap changed in place is saved', async () => {
      const place = await kind.place();
      const store = await place.open();
      const [p] = await store.admit('default', 1, [admissionOf('p')]);
      const cursors = { ...CURSORS, sweep: CURSORS.sweep && { ...CURSORS.sweep, seen: new Uint8Array([1]) } };
      const stats = statsOf(1);
      await store.saveProgress(new Map([[p?.key ?? 0, { cursors, stats }]]));
      cursors.sweep?.seen.set([3]);
      await store.saveProgress(new Map([[p?.key ?? 0, { cursors, stats }]]));
      await store.close();
      const { projects } = await (await place.open()).restore();
      expect(projects[0]?.cursors.sweep?.seen).toEqual(new Uint8Array([3]));
    });
  });

  describe('statistics', () => {
    test('are unknown before the first poll was saved', async () => {
      const store = await openNew(kind);
      const [p] = await store.admit('default', 1, [admissionOf('p')]);
      await store.commit(commitOf(p?.key ?? 0, [], { totals: totalsOf(0), cursors: CURSORS }));
      expect((await store.restore()).projects[0]).toMatchObject({ cursors: CURSORS, stats: null });
    });

    test('change alone, and outlive a commit of cursors', async () => {
      const place = await kind.place();
      const store = await place.open();
      const [p] = await store.admit('default', 1, [admissionOf('p')]);
      const key = p?.key ?? 0;
      const cursors = { ...CURSORS, sweep: null };
      await store.saveProgress(new Map([[key, { cursors, stats: statsOf(1) }]]));
      await store.saveProgress(new Map([[key, { cursors, stats: statsOf(2) }]]));
      await store.commit(commitOf(key, [], { totals: totalsOf(0), cursors: { ...cursors, watermark: 99 } }));
      await store.admit('default', 2, [admissionOf('p', { absences: 1 })]);
      const wanted = { absences: 1, cursors: { ...cursors, watermark: 99 }, stats: statsOf(2) };
      expect((await store.restore()).projects).toMatchObject([wanted]);
      await store.close();
      expect((await (await place.open()).restore()).projects).toMatchObject([wanted]);
    });

    test('are saved of one project without the others', async () => {
      const place = await kind.place();
      const store = await place.open();
      const [p, q] = await store.admit('default', 1, [admissionOf('p'), admissionOf('q')]);
      const [first, second] = [statsOf(1), statsOf(2)];
      const both = (of: PollStats): ReadonlyMap<number, Progress> =>
        new Map([
          [p?.key ?? 0, { cursors: NO_CURSORS, stats: of }],
          [q?.key ?? 0, { cursors: NO_CURSORS, stats: second }],
        ]);
      await store.saveProgress(both(first));
      await store.saveProgress(both(statsOf(3)));
      await store.close();
      const { projects } = await (await place.open()).restore();
      expect(projects.map(({ stats }) => stats)).toEqual([statsOf(3), statsOf(2)]);
    });
  });

  describe('size', () => {
    test('counts live and deleted sessions', async () => {
      const listener = new Listener();
      const store = await openNew(kind, listener);
      const [p, q] = await store.admit('default', 1, [admissionOf('p'), admissionOf('q')]);
      await store.commit(commitOf(p?.key ?? 0, [], { totals: totalsOf(3, { tombstones: 2 }) }));
      await store.commit(commitOf(q?.key ?? 0, [], { totals: totalsOf(4) }));
      const size = await store.size();
      expect(size).toMatchObject({ live: 7, deleted: 2 });
      expect(size.bytes).toBeGreaterThan(20_000);
      expect(listener.measured).toEqual([[size.bytes, 7, 2]]);
    });
  });
}
