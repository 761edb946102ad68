/**
 * Several accounts in one real process: who polls which project, and what happens when a key is wrong, revoked or
 * replaced.
 */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Simulator, startSimulator } from '../../src/simulator/api/server.ts';
import { prefill } from '../../src/simulator/workload/prefill.ts';
import { STEADY } from '../../src/simulator/workload/profiles.ts';
import type { Project } from '../../src/simulator/world/projects.ts';
import { createWorld, type World } from '../../src/simulator/world/world.ts';
import { until } from '../support/until.ts';
import { type Configured, keysShownTo, QUICK, startConfigured } from './configured.ts';
import { newFolder, scrapeUntil, valuesOf } from './exporter.ts';

const WEST_KEY = 'llx-west-0123456789';
const EAST_KEY = 'llx-east-0123456789';

let worlds: { west: World; east: World };
let west: Simulator;
let east: Simulator;
const exporters: Configured[] = [];

function project(world: World, name: string): Project {
  const made = world.addProject({ name, createdAt: 0 });
  prefill(world, made, STEADY, 30);
  return made;
}

/** As many runs as said, each in a session of its own. */
function runSome({ id }: Project, count: number): void {
  const world = worlds.west.projects.all().some((p) => p.id === id) ? worlds.west : worlds.east;
  for (let i = 0; i < count; i += 1) world.runOnce(world.addSession(id).id, world.outcome());
}

async function launch(yaml: string, folder = newFolder()): Promise<Configured> {
  const exporter = await startConfigured(`${yaml}\n${QUICK}`, { folder });
  exporters.push(exporter);
  return exporter;
}

const account = (name: string, { url }: Simulator, more: string): string =>
  `  - { name: ${name}, base_url: "${url}", ${more} }\n`;

const value = (text: string, name: string): number | undefined => valuesOf(text).get(name);
const up = (text: string, name = 'west'): number | undefined =>
  value(text, `llamacloud_exporter_discovery_up{account="${name}"}`);
/** Like all families of the exporter itself, these are up to a second behind those of the projects. */
const countsOf = (text: string): readonly (number | undefined)[] =>
  ['west', 'east', 'alone'].map((name) => value(text, `llamacloud_exporter_projects{account="${name}"}`));
const runsOf = (text: string, { id }: Project): number | undefined =>
  value(text, `llamacloud_chat_runs_total{project_id="${id}"}`);
const isRead = (text: string, ...projects: readonly Project[]): boolean =>
  projects.every(({ id }) => text.includes(`llamacloud_chat_sessions{project_id="${id}"`));
const namesIn = (text: string): readonly string[] =>
  [...text.matchAll(/^llamacloud_project_info\{.*?\bproject="([^"]*)"/gm)].map((m) => m[1] ?? '').toSorted();

vi.setConfig({ testTimeout: 90_000 });

beforeEach(async () => {
  worlds = { west: createWorld({ seed: 'west' }), east: createWorld({ seed: 'east' }) };
  west = await startSimulator({ world: worlds.west, apiKey: WEST_KEY });
  east = await startSimulator({ world: worlds.east, apiKey: EAST_KEY });
});

afterEach(async () => {
  await Promise.all(exporters.splice(0).map((exporter) => exporter.dispose()));
  await Promise.all([west.stop(), east.stop()]);
});

describe('several accounts', () => {
  it('poll two regions with globs and single keys', async () => {
    const chosen = [
      project(worlds.west, 'Support EU'),
      project(worlds.west, 'Support US'),
      project(worlds.east, 'Sales'),
    ];
    project(worlds.west, 'Support test');
    project(worlds.west, 'Research');
    const alone = project(worlds.east, 'Alone');
    east.keys.allow('llx-alone-0123456789', { projectIds: [alone.id] });
    const exporter = await launch(
      `accounts:\n${account('west', west, `api_key: ${WEST_KEY}, projects: { include: ["Support *"], exclude: ["*test"] }`)}` +
        account('east', east, `api_key: ${EAST_KEY}, projects: { exclude: ["${alone.id}"] }`) +
        account('alone', east, `api_key: llx-alone-0123456789, project_id: ${alone.id}`),
    );
    const text = await scrapeUntil(
      exporter,
      (seen) => isRead(seen, ...chosen, alone) && countsOf(seen).every((count) => count !== undefined),
    );
    expect(namesIn(text)).toEqual(['Alone', 'Sales', 'Support EU', 'Support US']);
    expect(countsOf(text)).toEqual([2, 1, 1]);
    expect(keysShownTo(west)).toEqual([`Bearer ${WEST_KEY}`]);
    expect(keysShownTo(east)).toEqual(['Bearer llx-alone-0123456789', `Bearer ${EAST_KEY}`]);
    const byAlone = east.requests.log().filter((r) => r.headers['authorization'] === 'Bearer llx-alone-0123456789');
    expect(new Set(byAlone.map((r) => r.endpoint))).toEqual(new Set(['project', 'list']));
    expect(exporter.warnings('Two accounts')).toEqual([]);
  });

  it('poll a project that both see once', async () => {
    const shared = project(worlds.west, 'Shared');
    const mirror = await startSimulator({ world: worlds.west, apiKey: EAST_KEY });
    // The second account finds the project first, and has to give it up.
    west.faults.add({ match: { endpoint: 'projects', times: 1 }, fault: { kind: 'latency', ms: 1500 } });
    const exporter = await launch(
      `accounts:\n${account('first', west, `api_key: ${WEST_KEY}`)}${account('second', mirror, `api_key: ${EAST_KEY}`)}`,
    );
    await until('the second polls', () => mirror.requests.count('list') > 0);
    await until('the first polls', () => west.requests.count('list') > 0);
    await until('the second has seen that', () => exporter.warnings('Two accounts').length > 0);
    const [listed, asked] = [mirror.requests.count('list'), mirror.requests.count('projects')];
    runSome(shared, 7);
    const text = await scrapeUntil(exporter, (seen) => (runsOf(seen, shared) ?? 0) >= 7);
    await until('the second asks again and again', () => mirror.requests.count('projects') >= asked + 3);
    expect(runsOf(await exporter.scrape(), shared)).toBe(7);
    expect(mirror.requests.count('list')).toBe(listed);
    expect(namesIn(text)).toEqual(['Shared']);
    expect(exporter.warnings('Two accounts')).toEqual([
      expect.objectContaining({ project_id: shared.id, polled_by: 'first', ignored_for: 'second' }),
    ]);
    expect([keysShownTo(west), keysShownTo(mirror)]).toEqual([[`Bearer ${WEST_KEY}`], [`Bearer ${EAST_KEY}`]]);
    await mirror.stop();
  });

  it('that fail leave the others alone', async () => {
    const [near, far] = [project(worlds.west, 'Near'), project(worlds.east, 'Far')];
    west.faults.add({ match: {}, fault: { kind: 'status', status: 403 } });
    const exporter = await launch(
      `accounts:\n${account('west', west, `api_key: ${WEST_KEY}`)}${account('east', east, `api_key: ${EAST_KEY}`)}`,
    );
    const text = await scrapeUntil(
      exporter,
      (seen) => isRead(seen, far) && up(seen) === 0 && up(seen, 'east') !== undefined,
    );
    expect([up(text), up(text, 'east'), isRead(text, near)]).toEqual([0, 1, false]);
  });
});

describe('a key', () => {
  const one = (key: string): string => `accounts:\n${account('west', west, key)}`;

  it('that is wrong is said once, and heals by itself', async () => {
    const support = project(worlds.west, 'Support');
    const exporter = await launch(one('api_key: llx-not-yet-known'));
    await until('several discoveries', () => west.requests.answered(401) >= 4);
    const text = await exporter.scrape();
    expect([up(text), namesIn(text)]).toEqual([0, []]);
    expect((await fetch(`${exporter.url}/-/healthy`)).status).toBe(200);
    expect(exporter.lines().filter((l) => l.level === 'error' && l['reason'] === 'unauthorized')).toHaveLength(1);
    west.keys.allow('llx-not-yet-known');
    await scrapeUntil(exporter, (seen) => isRead(seen, support) && up(seen) === 1);
    expect(exporter.lines()).toContainEqual(expect.objectContaining({ level: 'info', msg: 'Recovered' }));
    expect(exporter.running.child.exitCode).toBe(null);
  });

  it('that is revoked later is said once', async () => {
    const projects = ['One', 'Two', 'Three'].map((name) => project(worlds.west, name));
    const exporter = await launch(one(`api_key: ${WEST_KEY}`));
    await scrapeUntil(exporter, (seen) => isRead(seen, ...projects));
    west.keys.allow('llx-somebody-else');
    west.keys.revoke(WEST_KEY);
    await until('many polls', () => west.requests.answered(401) >= 12);
    const states = (seen: string): readonly (number | undefined)[] =>
      projects.map(({ id }) => value(seen, `llamacloud_exporter_project_up{project_id="${id}"}`));
    await scrapeUntil(exporter, (seen) => [up(seen), ...states(seen)].every((state) => state === 0));
    expect(exporter.lines().filter((l) => l.level === 'error' && l['reason'] === 'unauthorized')).toHaveLength(1);
    west.keys.allow(WEST_KEY);
    await scrapeUntil(exporter, (seen) => up(seen) === 1 && !/_project_up\{.*\} 0/.test(seen));
  });

  it('in a file is replaced without a failed poll', async () => {
    const support = project(worlds.west, 'Support');
    const folder = newFolder();
    writeFileSync(path.join(folder, 'key'), `${WEST_KEY}\n`);
    const exporter = await launch(one('api_key_file: key'), folder);
    await scrapeUntil(exporter, (seen) => isRead(seen, support));
    writeFileSync(path.join(folder, 'key'), 'llx-fresh-0123456789\n');
    west.keys.allow('llx-fresh-0123456789');
    west.keys.revoke(WEST_KEY);
    runSome(support, 3);
    const text = await scrapeUntil(exporter, (seen) => runsOf(seen, support) === 3);
    expect(keysShownTo(west)).toEqual(['Bearer llx-fresh-0123456789', `Bearer ${WEST_KEY}`]);
    const failed = [...valuesOf(text)].filter(
      ([name, n]) => name.startsWith('llamacloud_exporter_poll_failures') && n > 0,
    );
    expect([up(text), failed]).toEqual([1, []]);
    expect(exporter.text()).not.toContain('llx-fresh');
  });

  it('in a file that comes late is found', async () => {
    const support = project(worlds.west, 'Support');
    const folder = newFolder();
    writeFileSync(path.join(folder, 'key'), WEST_KEY);
    const exporter = await launch(one('api_key_file: key'), folder);
    await scrapeUntil(exporter, (seen) => isRead(seen, support));
    west.keys.allow('llx-late-0123456789');
    west.keys.revoke(WEST_KEY);
    await scrapeUntil(exporter, (seen) => up(seen) === 0);
    runSome(support, 5);
    writeFileSync(path.join(folder, 'key'), 'llx-late-0123456789');
    await scrapeUntil(exporter, (seen) => up(seen) === 1 && runsOf(seen, support) === 5);
    expect(exporter.lines().filter(({ msg }) => msg.includes('this is logged'))).toHaveLength(1);
  });
});
