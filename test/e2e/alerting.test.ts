/**
 * Faults of the API or of an agent, all the way to a person: simulator -> exporter -> Prometheus with the shipped rules
 * -> Alertmanager with the shipped routes -> receivers of this test. The times of rules and routes are divided by 60, in
 * copies (alerting.ts); everything else is what a user gets.
 */
import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Simulator, startSimulator } from '../../src/simulator/api/server.ts';
import { failed, succeeded } from '../../src/simulator/world/runs.ts';
import { createWorld, type World } from '../../src/simulator/world/world.ts';
import { runAlertmanager } from '../alertmanager/server.ts';
import type { RunningServer } from '../support/process.ts';
import { type PrometheusProcess, startPrometheus } from '../support/prometheus.ts';
import { findTool } from '../support/tools.ts';
import { hurryRoutes, hurryRules, type Notice, type Receivers, startReceivers } from './alerting.ts';
import { type ExporterProcess, newFolder, scrapeUntil, startExporter } from './exporter.ts';

const prometheusProgram = findTool('prometheus') ?? '';
const alertmanagerProgram = findTool('prometheus-alertmanager') ?? '';
const RIGHT = succeeded(1200, 900, 120, 2);
/** Labels of `llamacloud_project_info`: its account, and the team that `teams` in the configuration would give one project. */
const LABELS = [
  { source_labels: ['__name__'], regex: 'llamacloud_project_info', target_label: 'account', replacement: 'default' },
  {
    source_labels: ['__name__', 'project'],
    regex: 'llamacloud_project_info;billing-eu',
    target_label: 'team',
    replacement: 'billing',
  },
];
const WRONG = failed(RIGHT, 'internal', 'Internal error: worker exited');

describe.runIf(prometheusProgram && alertmanagerProgram)(
  'a fault of the API or of an agent',
  { timeout: 240_000 },
  () => {
    let folder: string;
    let world: World;
    let simulator: Simulator;
    let exporter: ExporterProcess;
    let receivers: Receivers;
    let alertmanager: RunningServer;
    let prometheus: PrometheusProcess;
    let support: string;
    let billing: string;

    beforeAll(async () => {
      folder = newFolder();
      world = createWorld({ seed: 'alerting' });
      support = world.addProject({ name: 'support' }).id;
      billing = world.addProject({ name: 'billing-eu' }).id;
      simulator = await startSimulator({ world });
      exporter = await startExporter({ apiUrl: simulator.url, folder });
      receivers = await startReceivers();
      const storage = path.join(folder, 'alertmanager');
      mkdirSync(storage);
      alertmanager = await runAlertmanager(alertmanagerProgram, await hurryRoutes(folder, receivers.url), storage);
      prometheus = await startPrometheus(prometheusProgram, await prometheusConfig());
      for (const project of [support, billing]) run(project, 3, RIGHT);
      await scrapeUntil(exporter, (text) => text.match(/^llamacloud_chat_runs_total\{.*\} 3$/gm)?.length === 2);
      await sleep(8_000); // a window of 5 minutes, hurried, with all targets up
    }, 60_000);

    afterAll(async () => {
      await prometheus.stop();
      await alertmanager.stop();
      await exporter.stop();
      await Promise.all([receivers.stop(), simulator.stop()]);
      rmSync(folder, { recursive: true, force: true });
    });

    async function prometheusConfig(): Promise<object> {
      const target = (url: string) => ({ static_configs: [{ targets: [new URL(url).host] }] });
      return {
        global: { scrape_interval: '1s', scrape_timeout: '1s', evaluation_interval: '1s' },
        rule_files: await hurryRules(folder),
        scrape_configs: [{ job_name: 'llamacloud-exporter', ...target(exporter.url), metric_relabel_configs: LABELS }],
        alerting: { alertmanagers: [target(alertmanager.url)] },
      };
    }

    /** Runs of a project that end now, each in a session of its own. */
    function run(project: string, count: number, outcome: typeof RIGHT): void {
      for (let i = 0; i < count; i += 1) world.runOnce(world.addSession(project).id, outcome);
    }

    /** Waits until an alert fires in Prometheus, told to somebody or not. */
    async function fires(alertname: string): Promise<void> {
      const query = encodeURIComponent(`ALERTS{alertname="${alertname}", alertstate="firing"}`);
      const end = Date.now() + 90_000;
      for (;;) {
        const { result } = await prometheus.ask<{ result: readonly unknown[] }>(`/api/v1/query?query=${query}`);
        if (result.length > 0) return;
        if (Date.now() > end) throw new Error(`${alertname} does not fire`);
        await sleep(250);
      }
    }

    /** Waits until a receiver is told about an alert; `meanwhile` happens every quarter of a second. */
    async function told(
      receiver: string,
      alertname: string,
      status: 'firing' | 'resolved',
      meanwhile: () => void = () => {},
    ): Promise<Notice> {
      const end = Date.now() + 150_000;
      while (Date.now() < end) {
        const found = receivers.notices.find(
          (each) => each.receiver === receiver && each.labels['alertname'] === alertname && each.status === status,
        );
        if (found !== undefined) return found;
        meanwhile();
        await sleep(250);
      }
      const seen = receivers.notices.map((each) => `${each.receiver}: ${each.labels['alertname']} ${each.status}`);
      throw new Error(`${receiver} was not told that ${alertname} is ${status}, but:\n${seen.join('\n')}`);
    }

    it('is silent before it happens', () => {
      expect(receivers.notices).toEqual([]);
    });

    /** What the pager was sent after a notification: alert and status, one line a message. */
    function pagesAfter(id: number): readonly string[] {
      const sent = receivers.notices.filter((each) => each.receiver === 'pager' && each.id > id);
      const messages = Map.groupBy(sent, (each) => each.id);
      return [...messages.values()].map((alerts) =>
        [...new Set(alerts.map((each) => `${each.labels['alertname']} ${each.status}`))].join(', '),
      );
    }

    const lastId = (): number => receivers.notices.at(-1)?.id ?? 0;

    // These two concern different projects and receivers, and wait for minutes of rules: at the same time.
    it.concurrent('wakes the team of the project whose runs fail, and tells when they are well again', async () => {
      const notice = await told('billing-pager', 'LlamaCloudErrorBudgetBurnFast', 'firing', () =>
        run(billing, 2, WRONG),
      );
      expect(notice.labels).toMatchObject({ severity: 'critical', project: 'billing-eu', project_id: billing });
      expect(notice.annotations['summary']).toBe('Runs of project billing-eu fail');
      expect(notice.annotations['dashboard']).toBe(`/d/llamacloud-project?var-project=${billing}`);
      await told('billing-pager', 'LlamaCloudErrorBudgetBurnFast', 'resolved', () => run(billing, 4, RIGHT));
      const others = receivers.notices.filter((each) => each.labels['project'] !== 'billing-eu');
      expect(others.filter((each) => each.receiver.startsWith('billing-'))).toEqual([]);
    });

    it.concurrent('tells the chat of a single project that cannot be read, and wakes nobody', async () => {
      simulator.faults.add({ match: { endpoint: 'list', project: support }, fault: { kind: 'status', status: 403 } });
      const notice = await told('chat', 'LlamaCloudProjectDataStale', 'firing');
      expect(notice.labels).toMatchObject({ severity: 'warning', project: 'support', project_id: support });
      simulator.faults.clear();
      await told('chat', 'LlamaCloudProjectDataStale', 'resolved');
      expect(pagesAfter(0)).toEqual([]);
    });

    it.each([
      ['a rejected key', 401, 'LlamaCloudAuthenticationRejected'],
      ['an outage of the API', 503, 'LlamaCloudApiDown'],
    ])('sends one page and one resolve for %s', async (_, status, alert) => {
      const before = lastId();
      simulator.faults.add({ match: {}, fault: { kind: 'status', status } });
      const notice = await told('pager', alert, 'firing');
      expect(notice.labels).toMatchObject({ severity: 'critical', account: 'default' });
      expect(notice.annotations['runbook_url']).toContain(`docs/runbook.md#${alert.toLowerCase()}`);
      // The data of all projects grows old meanwhile: Prometheus fires for it, and nobody is told.
      await fires('LlamaCloudMostDataStale');
      simulator.faults.clear();
      await told('pager', alert, 'resolved');
      await sleep(6_000); // what is muted no longer would be sent within its group_interval of 5 s
      expect(pagesAfter(before)).toEqual([`${alert} firing`, `${alert} resolved`]);
    });

    it('sends one page and one resolve when the exporter is down', async () => {
      const before = lastId();
      simulator.faults.add({ match: { endpoint: 'list' }, fault: { kind: 'status', status: 403 } });
      const port = Number(new URL(exporter.url).port);
      await exporter.stop();
      const notice = await told('pager', 'LlamaCloudExporterDown', 'firing');
      expect(notice.labels).toMatchObject({ severity: 'critical', instance: `127.0.0.1:${port}` });
      simulator.faults.clear();
      exporter = await startExporter({ apiUrl: simulator.url, folder }, port);
      await told('pager', 'LlamaCloudExporterDown', 'resolved');
      await sleep(6_000);
      expect(pagesAfter(before)).toEqual(['LlamaCloudExporterDown firing', 'LlamaCloudExporterDown resolved']);
    });
  },
);
