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
      on('LlamaCloudProjectDataStale', 'critical', { ...here, project_id: 'p1' }),
      on('LlamaCloudRateLimited', 'warning', { ...here, account: 'default' }),
      on('LlamaCloudRateLimited', 'warning', { instance: 'up:1', account: 'default' }),
    );
    expect(found.toSorted()).toEqual(['LlamaCloudProjectDataStale', 'LlamaCloudRateLimited']);
  });

  it('mutes lesser alerts of a project with a critical one', async () => {
    const here = { instance: 'critical:1', project_id: 'p1' };
    const found = await muted(
      on('LlamaCloudErrorBudgetBurnFast', 'critical', here),
      on('LlamaCloudErrorRatioHigh', 'warning', here),
      on('LlamaCloudStaleReads', 'info', here),
      on('LlamaCloudRunDurationP95High', 'warning', { ...here, project_id: 'p2' }),
      on('LlamaCloudExporterMemoryHigh', 'warning', { instance: here.instance }),
    );
    expect(found.toSorted()).toEqual(['LlamaCloudErrorRatioHigh', 'LlamaCloudStaleReads']);
  });

  it('mutes discovery when the key of the account is rejected', async () => {
    const here = { instance: 'key:1', account: 'a' };
    const found = await muted(
      on('LlamaCloudAuthenticationRejected', 'critical', here),
      on('LlamaCloudDiscoveryFailing', 'warning', here),
      on('LlamaCloudDiscoveryFailing', 'warning', { ...here, account: 'b' }),
    );
    expect(found).toEqual(['LlamaCloudDiscoveryFailing']);
  });

  it('leaves alerts of other systems alone', async () => {
    const here = { instance: 'other:1' };
    const found = await muted(on('LlamaCloudExporterDown', 'critical', here), on('DiskFull', 'warning', here));
    expect(found).toEqual([]);
  });
});
