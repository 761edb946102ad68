/** A reload of a running exporter: what changes at once, and what is kept. */
import { describe, expect, it } from 'vitest';
import { type Simulator, startSimulator } from '../../src/simulator/api/server.ts';
import { prefill } from '../../src/simulator/workload/prefill.ts';
import { STEADY } from '../../src/simulator/workload/profiles.ts';
import type { FinishedRun } from '../../src/simulator/world/types.ts';
import { createWorld } from '../../src/simulator/world/world.ts';
import { until } from '../support/until.ts';
import { QUICK } from './configured.ts';
import { scrapeUntil, valuesOf } from './exporter.ts';
import { countersOf } from './oracle.ts';
import { isRead, PRICES, reloadStage, runsOf, valueOf } from './reload-stage.ts';

const PRICE = { input: 3, output: 15 };

const s = reloadStage();

describe('a reload', () => {
  it('takes another interval at once', async () => {
    const text = await s.reloaded(s.file('polling: { interval: 7s, discovery_interval: 1s }'));
    expect(valueOf(text, 'llamacloud_exporter_poll_interval_seconds{kind="head"}')).toBe(7);
    expect(valueOf(text, 'llamacloud_exporter_poll_interval_seconds{kind="full"}')).toBe(1800);
    const asked = s.simulator.requests.count('list');
    await new Promise((resolve) => setTimeout(resolve, 3000));
    // One poll of each project begins with the reload, and its head poll may follow; none for seven seconds then.
    expect(s.simulator.requests.count('list') - asked).toBeLessThanOrEqual(4);
  });

  it('counts each run once, whatever happens', async () => {
    const counted: FinishedRun[] = [...s.runSome(s.support, 5)];
    for (const interval of ['2s', '1s', '3s', '1s']) {
      await s.reloaded(s.file(`polling: { interval: ${interval}, full_sweep_interval: 3s, discovery_interval: 1s }`));
      counted.push(...s.runSome(s.support, 5));
      s.exporter.running.child.kill('SIGHUP');
    }
    await until('all reloads', () => s.exporter.lines().filter((l) => l.msg === 'Configuration reloaded').length === 4);
    await scrapeUntil(s.exporter, (text) => (runsOf(text, s.support) ?? 0) >= 25);
    await new Promise((resolve) => setTimeout(resolve, 2500));
    const values = valuesOf(await s.exporter.scrape());
    const wanted = Object.entries(countersOf(s.support, counted, PRICE)).filter(([series]) => !series.includes('cost'));
    const shown = wanted.map(([series]) => [series, values.get(series)?.toFixed(6)]);
    expect(shown).toEqual(wanted.map(([series, value]) => [series, value.toFixed(6)]));
  });

  it('prices what comes after it', async () => {
    const cost = `llamacloud_chat_cost_usd_total{project_id="${s.support.id}"}`;
    s.runSome(s.support, 4);
    const before = await scrapeUntil(s.exporter, (text) => runsOf(text, s.support) === 4);
    expect(valueOf(before, cost)).toBeUndefined();
    expect(valueOf(await s.reloaded(s.file(`${QUICK}\n${PRICES}`)), cost)).toBe(0);
    const priced = s.runSome(s.support, 3);
    const after = await scrapeUntil(s.exporter, (text) => runsOf(text, s.support) === 7);
    const expected = countersOf(s.support, priced, PRICE)[cost];
    expect(valueOf(after, cost)).toBeCloseTo(expected ?? Number.NaN, 9);
    const without = await s.reloaded(s.file(QUICK));
    expect(valueOf(without, cost)).toBeCloseTo(expected ?? Number.NaN, 9);
  });

  it('classifies errors by the new rules', async () => {
    const classes = 'error_classes: [{ class: quota, pattern: "billing" }]';
    const errors = (text: string, name: string): number | undefined =>
      valueOf(text, `llamacloud_chat_run_errors_total{class="${name}",project_id="${s.support.id}"}`);
    s.runSome(s.support, 1, 'billing is overdue');
    const before = await scrapeUntil(s.exporter, (text) => runsOf(text, s.support) === 1);
    expect([errors(before, 'quota'), errors(before, 'other')]).toEqual([undefined, 1]);
    expect(errors(await s.reloaded(s.file(`${QUICK}\n${classes}`)), 'quota')).toBe(0);
    s.runSome(s.support, 2, 'billing is overdue, really');
    const after = await scrapeUntil(s.exporter, (text) => runsOf(text, s.support) === 3);
    expect([errors(after, 'quota'), errors(after, 'other')]).toEqual([2, 1]);
    expect(errors(await s.reloaded(s.file(QUICK)), 'quota')).toBe(2);
  });

  it('restarts a histogram whose buckets changed', async () => {
    const count = `llamacloud_chat_run_duration_seconds_count{project_id="${s.support.id}"}`;
    const turns = `llamacloud_chat_run_turns_count{project_id="${s.support.id}"}`;
    s.runSome(s.support, 6);
    const before = await scrapeUntil(s.exporter, (text) => runsOf(text, s.support) === 6);
    expect([valueOf(before, count), valueOf(before, turns)]).toEqual([6, 6]);
    const text = await s.reloaded(s.file(`${QUICK}\nmetrics: { duration_buckets: [1, 60, 3600] }`));
    expect([valueOf(text, count), valueOf(text, turns), runsOf(text, s.support)]).toEqual([0, 6, 6]);
    const sum = `llamacloud_chat_run_duration_seconds_sum{project_id="${s.support.id}"}`;
    expect(valueOf(text, sum)).toBe(0);
    const bounds = [...text.matchAll(/^llamacloud_chat_run_duration_seconds_bucket\{.*le="([^"]+)"/gm)].map(
      (m) => m[1],
    );
    expect(bounds).toEqual(['1', '60', '3600', '+Inf', '1', '60', '3600', '+Inf']);
    expect(s.exporter.warnings('Buckets changed')).toHaveLength(1);
    s.runSome(s.support, 2);
    const after = await scrapeUntil(s.exporter, (seen) => runsOf(seen, s.support) === 8);
    expect(valueOf(after, count)).toBe(2);
  });

  it('withdraws a deselected project at once, and resumes it', async () => {
    s.runSome(s.sales, 3);
    await scrapeUntil(s.exporter, (text) => runsOf(text, s.sales) === 3);
    // No discovery takes part in it: the next one is refused.
    s.simulator.faults.add({ match: { endpoint: 'projects' }, fault: { kind: 'status', status: 403 } });
    const text = await s.reloaded(s.file(QUICK, ', projects: { exclude: ["Sales"] }'));
    expect(text).not.toContain(s.sales.id);
    expect(isRead(text, s.support)).toBe(true);
    const status = await (await fetch(`${s.exporter.url}/api/v1/status`)).text();
    expect(status).not.toContain(s.sales.id);
    s.simulator.faults.clear();
    s.runSome(s.sales, 4);
    await s.reloaded(s.file(QUICK));
    await scrapeUntil(s.exporter, (seen) => runsOf(seen, s.sales) === 7);
  });

  it('adds an account and removes one', async () => {
    const far = createWorld({ seed: 'far' });
    const [project, east] = [far.addProject({ name: 'Far', createdAt: 0 }), await startSimulator({ world: far })];
    prefill(far, project, STEADY, 20);
    const here = `{ name: default, base_url: "${s.simulator.url}", api_key: llx-reload-key }`;
    const there = `{ name: east, base_url: "${east.url}", api_key: llx-east-key }`;
    await s.reloaded(`accounts: [${here}, ${there}]\n${QUICK}`);
    await scrapeUntil(s.exporter, (text) => isRead(text, project) && isRead(text, s.support));
    const text = await s.reloaded(`accounts: [${there}]\n${QUICK}`);
    expect(text).not.toContain(s.support.id);
    expect(text).not.toContain('account="default"');
    const asked = s.simulator.requests.count();
    await scrapeUntil(s.exporter, (seen) => valueOf(seen, 'llamacloud_exporter_discovery_up{account="east"}') === 1);
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect(s.simulator.requests.count()).toBe(asked);
    const keys = (of: Simulator): Set<unknown> => new Set(of.requests.log().map((r) => r.headers['authorization']));
    expect([keys(s.simulator), keys(east)]).toEqual([
      new Set(['Bearer llx-reload-key']),
      new Set(['Bearer llx-east-key']),
    ]);
    await east.stop();
  });
});
