import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningServer, startServer } from '../support/process.ts';
import { findTool } from '../support/tools.ts';
import { CONFIG } from './amtool.ts';

const program = findTool('prometheus-alertmanager') ?? '';

type Labels = Readonly<Record<string, string>>;
type Shown = { readonly labels: Labels; readonly status: { readonly state: string } };

const on = (alertname: string, severity: string, labels: Labels = {}): Labels => ({
  alertname,
  severity,
  job: 'llamacloud',
  instance: 'a:10940',
  ...labels,
});

describe.runIf(program)('inhibition, by a real Alertmanager with the shipped configuration', () => {
  let server: RunningServer;
  let folder = '';

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'llamacloud-alertmanager-'));
    server = await startServer(
      program,
      (port) => [
        `--config.file=${CONFIG}`,
        `--storage.path=${folder}`,
        `--web.listen-address=127.0.0.1:${port}`,
        '--cluster.listen-address=',
      ],
      '/-/ready',
    );
  });
  afterAll(async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  });

  /** Names of those among the alerts that Alertmanager would notify nobody about. Labels of a case are its own. */
  async function muted(...alerts: readonly Labels[]): Promise<readonly string[]> {
    const mark = `case-${Math.random()}`;
    const body = JSON.stringify(alerts.map((labels) => ({ labels: { ...labels, test: mark } })));
    const headers = { 'content-type': 'application/json' };
    const posted = await fetch(`${server.url}/api/v2/alerts`, { method: 'POST', headers, body });
    expect(posted.status).toBe(200);
    const end = Date.now() + 15_000;
    for (;;) {
      const filter = encodeURIComponent(`test="${mark}"`);
      const shown = (await (await fetch(`${server.url}/api/v2/alerts?filter=${filter}`)).json()) as readonly Shown[];
      const settled = shown.length === alerts.length && shown.every((each) => each.status.state !== 'unprocessed');
      if (settled)
        return shown.filter((each) => each.status.state === 'suppressed').map((each) => `${each.labels['alertname']}`);
      if (Date.now() > end) throw new Error(`alerts were not processed: ${JSON.stringify(shown)}`);
      await sleep(100);
    }
  }

  // Each case uses an instance of its own: an alert that was posted stays for minutes.
  it('mutes all alerts of an exporter that is down, and only of it', async () => {
    const here = { instance: 'down:1' };
    const found = await muted(
      on('LlamaCloudExporterDown', 'critical', here),
      on('LlamaCloudMostDataStale', 'critical', { ...here, account: 'default' }),
      on('LlamaCloudRateLimited', 'warning', { ...here, account: 'default' }),
      on('LlamaCloudRateLimited', 'warning', { instance: 'up:1', account: 'default' }),
    );
    expect(found.toSorted()).toEqual(['LlamaCloudMostDataStale', 'LlamaCloudRateLimited']);
  });

  it('mutes lesser alerts of a project with a critical one, but no budget', async () => {
    const here = { instance: 'critical:1', account: 'a', project_id: 'p1' };
    const found = await muted(
      on('LlamaCloudErrorBudgetBurnFast', 'critical', here),
      on('LlamaCloudErrorRatioHigh', 'warning', here),
      on('LlamaCloudFailingRunsOneCause', 'warning', here),
      on('LlamaCloudDailyCostOverBudget', 'warning', here),
      on('LlamaCloudMonthlyCostForecast', 'warning', here),
      on('LlamaCloudCostRunaway', 'critical', here),
      on('LlamaCloudRunDurationRegression', 'warning', { ...here, project_id: 'p2' }),
      on('LlamaCloudExporterMemoryHigh', 'warning', { instance: here.instance }),
    );
    expect(found.toSorted()).toEqual(['LlamaCloudErrorRatioHigh', 'LlamaCloudFailingRunsOneCause']);
  });

  it.each(['LlamaCloudAuthenticationRejected', 'LlamaCloudApiDown'])(
    'mutes what follows from %s for its account, and nothing of another',
    async (cause) => {
      const here = { instance: `${cause}:1`, account: 'a' };
      const found = await muted(
        on(cause, 'critical', here),
        on('LlamaCloudMostDataStale', 'critical', here),
        on('LlamaCloudProjectDataStale', 'warning', { ...here, project_id: 'p1' }),
        on('LlamaCloudDiscoveryFailing', 'warning', here),
        on('LlamaCloudMostDataStale', 'critical', { ...here, account: 'b' }),
        on('LlamaCloudCostRunaway', 'critical', { ...here, account: 'b', project_id: 'p2' }),
      );
      expect(found.toSorted()).toEqual([
        'LlamaCloudDiscoveryFailing',
        'LlamaCloudMostDataStale',
        'LlamaCloudProjectDataStale',
      ]);
    },
  );

  it('mutes stale data of projects whose account is not known', async () => {
    const here = { instance: 'old:1' };
    const found = await muted(
      on('LlamaCloudApiDown', 'critical', { ...here, account: 'a' }),
      on('LlamaCloudMostDataStale', 'critical', here),
      on('LlamaCloudMostDataStale', 'critical', { instance: 'old:2' }),
    );
    expect(found).toEqual(['LlamaCloudMostDataStale']);
  });

  it('mutes stale data when members are scraped by a job of their own', async () => {
    const found = await muted(
      on('LlamaCloudApiDown', 'critical', { job: 'llamacloud-members', instance: 'pod:1', account: 'members' }),
      on('LlamaCloudMostDataStale', 'critical', { instance: 'service:1', account: 'members' }),
      on('LlamaCloudMostDataStale', 'critical', { instance: 'service:1', account: 'other' }),
    );
    expect(found).toEqual(['LlamaCloudMostDataStale']);
  });

  it('mutes single projects where most are not read', async () => {
    const here = { instance: 'stale:1', account: 'a' };
    const found = await muted(
      on('LlamaCloudMostDataStale', 'critical', here),
      on('LlamaCloudProjectDataStale', 'warning', { ...here, project_id: 'p1' }),
      on('LlamaCloudProjectDataStale', 'warning', { ...here, account: 'b', project_id: 'p2' }),
    );
    expect(found).toEqual(['LlamaCloudProjectDataStale']);
  });

  it('mutes stale data of an exporter that cannot write', async () => {
    const here = { instance: 'disk:1' };
    const found = await muted(
      on('LlamaCloudExporterStateWriteErrors', 'critical', here),
      on('LlamaCloudMostDataStale', 'critical', { ...here, account: 'a' }),
    );
    expect(found).toEqual(['LlamaCloudMostDataStale']);
  });

  it('leaves alerts of other systems alone', async () => {
    const here = { instance: 'other:1' };
    const found = await muted(on('LlamaCloudExporterDown', 'critical', here), on('DiskFull', 'warning', here));
    expect(found).toEqual([]);
  });
});
