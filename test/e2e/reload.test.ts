/** A reload of a running exporter: what changes at once, what is kept, and what a bad file leaves alone. */
import { execFileSync } from 'node:child_process';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Simulator, startSimulator } from '../../src/simulator/api/server.ts';
import { drawOutcome } from '../../src/simulator/workload/conversations.ts';
import { prefill } from '../../src/simulator/workload/prefill.ts';
import { STEADY } from '../../src/simulator/workload/profiles.ts';
import type { Project } from '../../src/simulator/world/projects.ts';
import { Random } from '../../src/simulator/world/random.ts';
import type { FinishedRun } from '../../src/simulator/world/types.ts';
import { createWorld, type World } from '../../src/simulator/world/world.ts';
import { findTool } from '../support/tools.ts';
import { until } from '../support/until.ts';
import { type Configured, QUICK, startConfigured } from './configured.ts';
import { scrapeUntil, valuesOf } from './exporter.ts';
import { countersOf } from './oracle.ts';

const PRICES = 'prices: [{ projects: ["*"], input: 3.00, output: 15.00 }]';
const PRICE = { input: 3, output: 15 };
const SUCCESSFUL = 'llamacloud_exporter_config_last_reload_successful{}';

let world: World;
let simulator: Simulator;
let support: Project;
let sales: Project;
let exporter: Configured;
const random = new Random('reload');

/** A file with one account, and what else is given. */
const file = (more: string, account = ''): string =>
  `accounts: [{ name: default, base_url: "${simulator.url}", api_key: llx-reload-key${account} }]\n${more}\n`;

function addProject(name: string): Project {
  const made = world.addProject({ name, createdAt: 0 });
  prefill(world, made, STEADY, 40);
  return made;
}

/** Runs in sessions of their own; `failing`: with an error text of that kind. */
function runSome({ id }: Project, count: number, error: string | null = null): readonly FinishedRun[] {
  return Array.from({ length: count }, () => {
    const outcome = drawOutcome(random, { ...STEADY, failureShare: 0, withoutUsageShare: 0 });
    const told = error === null ? outcome : { cause: null, figures: { ...outcome.figures, is_error: true, error } };
    return world.runOnce(world.addSession(id).id, told);
  });
}

const valueOf = (text: string, series: string): number | undefined => valuesOf(text).get(series);
const runsOf = (text: string, { id }: Project): number | undefined =>
  valueOf(text, `llamacloud_chat_runs_total{project_id="${id}"}`);
const isRead = (text: string, { id }: Project): boolean => text.includes(`llamacloud_chat_sessions{project_id="${id}"`);

/** Reloads, and answers what is shown then: the exposition is rendered at most once a second. */
async function reloaded(yaml: string): Promise<string> {
  exporter.write(yaml);
  expect(await exporter.reload()).toEqual({ status: 200, text: expect.stringContaining('read again') });
  await new Promise((resolve) => setTimeout(resolve, 1500));
  return await exporter.scrape();
}

async function refused(yaml: string): Promise<string> {
  exporter.write(yaml);
  const { status, text } = await exporter.reload();
  expect(status).toBe(500);
  return text;
}

vi.setConfig({ testTimeout: 90_000 });

beforeEach(async () => {
  world = createWorld({ seed: 'reload' });
  [support, sales] = [addProject('Support'), addProject('Sales')];
  simulator = await startSimulator({ world });
  exporter = await startConfigured(file(QUICK));
  await scrapeUntil(exporter, (text) => isRead(text, support) && isRead(text, sales));
});

afterEach(async () => {
  await exporter.dispose();
  await simulator.stop();
});

describe('a reload', () => {
  it('takes another interval at once', async () => {
    const text = await reloaded(file('polling: { interval: 7s, discovery_interval: 1s }'));
    expect(valueOf(text, 'llamacloud_exporter_poll_interval_seconds{kind="head"}')).toBe(7);
    expect(valueOf(text, 'llamacloud_exporter_poll_interval_seconds{kind="full"}')).toBe(1800);
    const asked = simulator.requests.count('list');
    await new Promise((resolve) => setTimeout(resolve, 3000));
    // One poll of each project begins with the reload, and its head poll may follow; none for seven seconds then.
    expect(simulator.requests.count('list') - asked).toBeLessThanOrEqual(4);
  });

  it('counts each run once, whatever happens', async () => {
    const counted: FinishedRun[] = [...runSome(support, 5)];
    for (const interval of ['2s', '1s', '3s', '1s']) {
      await reloaded(file(`polling: { interval: ${interval}, full_sweep_interval: 3s, discovery_interval: 1s }`));
      counted.push(...runSome(support, 5));
      exporter.running.child.kill('SIGHUP');
    }
    await until('all reloads', () => exporter.lines().filter((l) => l.msg === 'Configuration reloaded').length === 4);
    await scrapeUntil(exporter, (text) => (runsOf(text, support) ?? 0) >= 25);
    await new Promise((resolve) => setTimeout(resolve, 2500));
    const values = valuesOf(await exporter.scrape());
    const wanted = Object.entries(countersOf(support, counted, PRICE)).filter(([series]) => !series.includes('cost'));
    const shown = wanted.map(([series]) => [series, values.get(series)?.toFixed(6)]);
    expect(shown).toEqual(wanted.map(([series, value]) => [series, value.toFixed(6)]));
  });

  it('prices what comes after it', async () => {
    const cost = `llamacloud_chat_cost_usd_total{project_id="${support.id}"}`;
    runSome(support, 4);
    const before = await scrapeUntil(exporter, (text) => runsOf(text, support) === 4);
    expect(valueOf(before, cost)).toBeUndefined();
    expect(valueOf(await reloaded(file(`${QUICK}\n${PRICES}`)), cost)).toBe(0);
    const priced = runSome(support, 3);
    const after = await scrapeUntil(exporter, (text) => runsOf(text, support) === 7);
    const expected = countersOf(support, priced, PRICE)[cost];
    expect(valueOf(after, cost)).toBeCloseTo(expected ?? Number.NaN, 9);
    const without = await reloaded(file(QUICK));
    expect(valueOf(without, cost)).toBeCloseTo(expected ?? Number.NaN, 9);
  });

  it('classifies errors by the new rules', async () => {
    const classes = 'error_classes: [{ class: quota, pattern: "billing" }]';
    const errors = (text: string, name: string): number | undefined =>
      valueOf(text, `llamacloud_chat_run_errors_total{class="${name}",project_id="${support.id}"}`);
    runSome(support, 1, 'billing is overdue');
    const before = await scrapeUntil(exporter, (text) => runsOf(text, support) === 1);
    expect([errors(before, 'quota'), errors(before, 'other')]).toEqual([undefined, 1]);
    expect(errors(await reloaded(file(`${QUICK}\n${classes}`)), 'quota')).toBe(0);
    runSome(support, 2, 'billing is overdue, really');
    const after = await scrapeUntil(exporter, (text) => runsOf(text, support) === 3);
    expect([errors(after, 'quota'), errors(after, 'other')]).toEqual([2, 1]);
    expect(errors(await reloaded(file(QUICK)), 'quota')).toBe(2);
  });

  it('restarts a histogram whose buckets changed', async () => {
    const count = `llamacloud_chat_run_duration_seconds_count{project_id="${support.id}"}`;
    const turns = `llamacloud_chat_run_turns_count{project_id="${support.id}"}`;
    runSome(support, 6);
    const before = await scrapeUntil(exporter, (text) => runsOf(text, support) === 6);
    expect([valueOf(before, count), valueOf(before, turns)]).toEqual([6, 6]);
    const text = await reloaded(file(`${QUICK}\nmetrics: { duration_buckets: [1, 60, 3600] }`));
    expect([valueOf(text, count), valueOf(text, turns), runsOf(text, support)]).toEqual([0, 6, 6]);
    const sum = `llamacloud_chat_run_duration_seconds_sum{project_id="${support.id}"}`;
    expect(valueOf(text, sum)).toBe(0);
    const bounds = [...text.matchAll(/^llamacloud_chat_run_duration_seconds_bucket\{.*le="([^"]+)"/gm)].map(
      (m) => m[1],
    );
    expect(bounds).toEqual(['1', '60', '3600', '+Inf', '1', '60', '3600', '+Inf']);
    expect(exporter.warnings('Buckets changed')).toHaveLength(1);
    runSome(support, 2);
    const after = await scrapeUntil(exporter, (seen) => runsOf(seen, support) === 8);
    expect(valueOf(after, count)).toBe(2);
  });

  it('withdraws a deselected project at once, and resumes it', async () => {
    runSome(sales, 3);
    await scrapeUntil(exporter, (text) => runsOf(text, sales) === 3);
    // No discovery takes part in it: the next one is refused.
    simulator.faults.add({ match: { endpoint: 'projects' }, fault: { kind: 'status', status: 403 } });
    const text = await reloaded(file(QUICK, ', projects: { exclude: ["Sales"] }'));
    expect(text).not.toContain(sales.id);
    expect(isRead(text, support)).toBe(true);
    const status = await (await fetch(`${exporter.url}/api/v1/status`)).text();
    expect(status).not.toContain(sales.id);
    simulator.faults.clear();
    runSome(sales, 4);
    await reloaded(file(QUICK));
    await scrapeUntil(exporter, (seen) => runsOf(seen, sales) === 7);
  });

  it('adds an account and removes one', async () => {
    const far = createWorld({ seed: 'far' });
    const [project, east] = [far.addProject({ name: 'Far', createdAt: 0 }), await startSimulator({ world: far })];
    prefill(far, project, STEADY, 20);
    const here = `{ name: default, base_url: "${simulator.url}", api_key: llx-reload-key }`;
    const there = `{ name: east, base_url: "${east.url}", api_key: llx-east-key }`;
    await reloaded(`accounts: [${here}, ${there}]\n${QUICK}`);
    await scrapeUntil(exporter, (text) => isRead(text, project) && isRead(text, support));
    const text = await reloaded(`accounts: [${there}]\n${QUICK}`);
    expect(text).not.toContain(support.id);
    expect(text).not.toContain('account="default"');
    const asked = simulator.requests.count();
    await scrapeUntil(exporter, (seen) => valueOf(seen, 'llamacloud_exporter_discovery_up{account="east"}') === 1);
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect(simulator.requests.count()).toBe(asked);
    const keys = (s: Simulator): Set<unknown> => new Set(s.requests.log().map((r) => r.headers['authorization']));
    expect([keys(simulator), keys(east)]).toEqual([
      new Set(['Bearer llx-reload-key']),
      new Set(['Bearer llx-east-key']),
    ]);
    await east.stop();
  });
});

describe('a bad file', () => {
  it('changes nothing and says why', async () => {
    expect(valueOf(await reloaded(file(`${QUICK}\n${PRICES}`)), SUCCESSFUL)).toBe(1);
    const answer = await refused(file('polling: { interval: soon }\nprices: [{ input: -1 }]'));
    expect(answer).toContain('polling.interval: found "soon"');
    expect(answer).toContain('prices');
    expect(answer).not.toContain('llx-reload-key');
    const text = await scrapeUntil(exporter, (seen) => valueOf(seen, SUCCESSFUL) === 0);
    expect(valueOf(text, 'llamacloud_exporter_poll_interval_seconds{kind="head"}')).toBe(1);
    runSome(support, 2);
    await scrapeUntil(exporter, (seen) => runsOf(seen, support) === 2);
    const page = await (await fetch(`${exporter.url}/api/v1/status`)).text();
    expect(page).toContain('polling.interval');
    await reloaded(file(QUICK));
    await scrapeUntil(exporter, (seen) => valueOf(seen, SUCCESSFUL) === 1);
  });

  it('is said in the log after SIGHUP', async () => {
    exporter.write(file('poling: {}'));
    exporter.running.child.kill('SIGHUP');
    await until('the log says so', () => exporter.warnings('Reload failed').length === 1);
    expect(exporter.warnings('Reload failed')[0]?.['reason']).toMatch(/poling: unknown key, wanted polling\?/);
    await scrapeUntil(exporter, (seen) => valueOf(seen, SUCCESSFUL) === 0);
  });

  it('may not name another state', async () => {
    const answer = await refused(file(`${QUICK}\nstate: { url: "sqlite:${exporter.folder}/other.db" }`));
    expect(answer).toMatch(/state\.url cannot change by reload \(from sqlite:.*state\.db to sqlite:.*other\.db\)/);
    expect(answer).toContain('restart the exporter');
    await scrapeUntil(exporter, (seen) => valueOf(seen, SUCCESSFUL) === 0);
    runSome(support, 2);
    await scrapeUntil(exporter, (seen) => runsOf(seen, support) === 2);
  });
});

describe('a state that cannot be written', () => {
  it('leaves the exporter polling as before', async (context) => {
    const prlimit = findTool('prlimit') ?? context.skip('prlimit is not on the PATH');
    const pid = String(exporter.running.child.pid);
    execFileSync(prlimit, ['--pid', pid, '--fsize=1024:unlimited']);
    const answer = await refused(file(QUICK, ', projects: { exclude: ["Sales"] }'));
    expect(answer).toMatch(/The state .*state\.db cannot be (read or )?written/);
    execFileSync(prlimit, ['--pid', pid, '--fsize=unlimited:unlimited']);
    runSome(support, 2);
    runSome(sales, 3);
    await scrapeUntil(exporter, (text) => runsOf(text, support) === 2 && runsOf(text, sales) === 3);
    const text = await reloaded(file(QUICK, ', projects: { exclude: ["Sales"] }'));
    expect([isRead(text, support), isRead(text, sales)]).toEqual([true, false]);
  });

  it('leaves one poller behind, however many reloads it refuses at once', async (context) => {
    const prlimit = findTool('prlimit') ?? context.skip('prlimit is not on the PATH');
    const pid = String(exporter.running.child.pid);
    execFileSync(prlimit, ['--pid', pid, '--fsize=1024:unlimited']);
    exporter.write(file(QUICK, ', projects: { exclude: ["Sales"] }'));
    const answers = await Promise.all([exporter.reload(), exporter.reload(), exporter.reload()]);
    expect(answers.map(({ status }) => status)).toEqual([500, 500, 500]);
    execFileSync(prlimit, ['--pid', pid, '--fsize=unlimited:unlimited']);
    runSome(support, 2);
    runSome(sales, 3);
    await scrapeUntil(exporter, (text) => runsOf(text, support) === 2 && runsOf(text, sales) === 3);
  });
});
