/** A full disk: the failure is reported, the state stays consistent, and writing resumes when there is space. */
import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { tool } from '../../support/tools.ts';
import { admissionOf, commitOf, totalsOf } from '../contract/values.ts';
import { Child } from './children.ts';
import { foundRows, freshPath, Listener, open } from './support.ts';

/** KiB, for `ulimit -f`: room for the schema and some hundred sessions. */
const LIMIT_KIB = 400;

test('a full disk is reported, and polling recovers once there is space', async (context) => {
  const prlimit = tool(context, 'prlimit');
  const path = freshPath();
  const child = new Child('fill', path, `ulimit -S -f ${LIMIT_KIB};`);
  const failure: unknown = JSON.parse(await child.until((line) => line.startsWith('{')));
  expect(failure).toMatchObject({
    code: 'state',
    message: expect.stringContaining(path),
    fix: expect.stringContaining('Free space'),
  });
  const runs = Number(child.lines.findLast((line) => Number(line) > 0));
  expect(runs).toBeGreaterThan(0);

  child.process.stdin?.write('again\n');
  expect(JSON.parse(await child.until(() => true))).toEqual(failure);

  spawnSync(prlimit, ['--fsize=unlimited', `--pid=${child.process.pid}`]);
  child.process.stdin?.write('again\n');
  const next = Number(await child.until((line) => Number(line) > runs + 500));
  await child.kill();
  const store = await open(path);
  const [project] = (await store.restore()).projects;
  const counted = project?.totals.counters.runs ?? 0;
  expect(counted).toBeGreaterThanOrEqual(next);
  const ids = Array.from({ length: counted + 1 }, (_, no) => `s${no}`);
  expect((await foundRows(store, project?.key ?? 0, ids)).size).toBe(counted);
});

test('a failed write reports itself and leaves the state as it was', async () => {
  const listener = new Listener();
  const store = await open(':memory:', {}, listener);
  const [project] = await store.admit('default', 1, [admissionOf('p')]);
  const key = project?.key ?? 0;
  const broken = commitOf(key, [], { totals: totalsOf(5), minutes: new Map([[3e7, 0.5]]) });
  await expect(store.commit(broken)).rejects.toMatchObject({ name: 'ExporterError', code: 'state' });
  expect(listener.writeFailures).toHaveLength(1);
  expect((await store.restore()).projects[0]?.totals).toEqual(totalsOf(0));
  await store.commit(commitOf(key, [], { totals: totalsOf(6) }));
  expect((await store.restore()).projects[0]?.totals).toEqual(totalsOf(6));
});
