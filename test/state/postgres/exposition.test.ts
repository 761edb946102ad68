/**
 * What members over one database expose: a scrape of any of them shows every commit, and refuses when the database is
 * down.
 */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ExporterError } from '../../../src/domain/errors.ts';
import type { Owned } from '../../../src/domain/replicas.ts';
import { ONLY_MEMBERS } from '../../../src/metrics/catalog.ts';
import { skipReason } from '../../support/postgres.ts';
import { serverForTests } from '../../support/server-for-tests.ts';
import { until } from '../../support/until.ts';
import { ServingMember } from './served.ts';

const PROJECTS = ['p0', 'p1', 'p2', 'p3', 'p4', 'p5', 'p6', 'p7'];

/** Runs by project, as a scrape shows them. */
const runsOf = (text: string): ReadonlyMap<string, number> =>
  new Map(
    [...text.matchAll(/^llamacloud_chat_runs_total\{project_id="(\w+)".*\} (\d+)$/gm)].map(
      ([, id = '', runs]) => [id, Number(runs)] as const,
    ),
  );
const sum = (runs: ReadonlyMap<string, number>): number => [...runs.values()].reduce((total, n) => total + n, 0);

describe.skipIf(skipReason() !== null)('the exposition of members over one database', () => {
  const server = serverForTests();
  let members: readonly ServingMember[] = [];
  const member = (no: number): ServingMember => members[no % members.length] as ServingMember;

  beforeEach(async () => {
    const url = await server.freshDatabase();
    const first = await ServingMember.open(url, 'a');
    members = [first];
    await until('a discovers', () => first.discovers);
    await first.admit(PROJECTS);
    members = [first, await ServingMember.open(url, 'b')];
    await until('both own projects', () => members.every(({ owned, isUnchanged }) => isUnchanged && owned.size > 0));
    await until('all projects are owned', () => owners().size === PROJECTS.length);
  });
  afterEach(() => Promise.all(members.map((one) => one.stop())));

  const owners = (): ReadonlyMap<Owned, ServingMember> =>
    new Map(members.flatMap((one) => [...one.owned].map((key) => [key, one] as const)));

  it('shows a run wherever it is asked for, as soon as it is committed', async () => {
    const [[key, owner] = expect.fail('no owner')] = owners();
    for (let runs = 1; runs <= 20; runs++) {
      await owner.count(key, runs);
      expect(sum(runsOf(await member(runs).scrape(runs % 3 === 0 ? 'both' : 'projects')))).toBe(runs);
    }
  });

  it('never shows less than before while all commit', async () => {
    const over = new AbortController();
    const committing = [...owners()].map(async ([key, owner]) => {
      for (let runs = 1; !over.signal.aborted; runs++) await owner.count(key, runs);
    });
    let before: ReadonlyMap<string, number> = new Map();
    for (let scrape = 0; scrape < 40 || sum(before) < 5 * PROJECTS.length; scrape++) {
      const now = runsOf(await member(scrape).scrape('projects', scrape % 5 === 0 ? 'openmetrics' : 'text'));
      expect([...before].filter(([id, runs]) => (now.get(id) ?? -1) < runs)).toEqual([]);
      before = now;
    }
    over.abort();
    await Promise.all(committing);
    expect(before.size).toBe(PROJECTS.length);
  });

  it('is the same project part from every member', async () => {
    for (const [key, owner] of owners()) await owner.count(key, key);
    const texts = await Promise.all(members.map((one) => one.scrape('projects')));
    const lines = texts.map((text) => text.split('\n').toSorted());
    expect(lines[0]).toEqual(lines[1]);
    expect(texts[0]).toContain('\nllamacloud_exporter_projects_unowned 0\n');
    expect(texts[0]).toContain('\nllamacloud_exporter_projects{account="default"} 8\n');
  });

  it('tells members apart in the exporter part', async () => {
    const texts = await Promise.all(members.map((one) => one.scrape('exporter')));
    const owned = texts.map((text) => Number(/^llamacloud_exporter_projects_owned (\d+)$/m.exec(text)?.[1]));
    expect(owned.reduce((total, n) => total + n, 0)).toBe(PROJECTS.length);
    const own = [...ONLY_MEMBERS].filter((name) => name !== 'llamacloud_exporter_projects_unowned');
    for (const name of own) for (const text of texts) expect(text).toContain(`# TYPE ${name} `);
    for (const text of texts) expect(text).toMatch(/^llamacloud_exporter_members 2$/m);
  });

  it('refuses projects while the database is down, and shows them again after', async () => {
    const { source } = member(0).metrics;
    expect(await source.check()).toBeNull();
    await server.halt('SIGQUIT');
    await expect(member(0).scrape('projects')).rejects.toBeInstanceOf(ExporterError);
    await expect(member(0).scrape('both', 'openmetrics')).rejects.toBeInstanceOf(ExporterError);
    expect(await source.check()).toBeInstanceOf(ExporterError);
    expect(source.ready()).toBe(false);
    expect(await member(0).scrape('exporter')).toContain('llamacloud_exporter_build_info');
    await server.resume();
    await until('the member is ready again', async () => (await source.check()) === null);
    expect(source.ready()).toBe(true);
    expect(runsOf(await member(0).scrape('projects')).size).toBe(PROJECTS.length);
  });
});
