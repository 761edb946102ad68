/** Which alerts silence others: a real Alertmanager applies the shipped inhibition rules. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findTool } from '../support/tools.ts';
import { type Alertmanager, type Labels, startAlertmanager } from './server.ts';

const program = findTool('prometheus-alertmanager') ?? '';

const on = (alertname: string, severity: string, labels: Labels = {}): Labels => ({
  alertname,
  severity,
  job: 'llamacloud',
  instance: 'a:10940',
  ...labels,
});

describe.runIf(program)('inhibition, by a real Alertmanager with the shipped configuration', () => {
  let server: Alertmanager;
  beforeAll(async () => {
    server = await startAlertmanager(program);
  });
  afterAll(() => server.stop());

  /** Names of those among the alerts that Alertmanager would notify nobody about. Labels of a case are its own. */
  async function muted(...alerts: readonly Labels[]): Promise<readonly string[]> {
    const shown = await server.process(alerts);
    return shown.filter((each) => each.status.state === 'suppressed').map((each) => `${each.labels['alertname']}`);
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

  it('mutes alerts of a member that is down', async () => {
    const member = { job: 'llamacloud-members', instance: 'pod-down:1' };
    const found = await muted(
      on('LlamaCloudMemberDown', 'warning', member),
      on('LlamaCloudExporterMemoryHigh', 'warning', member),
      on('LlamaCloudExporterMemoryHigh', 'warning', { ...member, instance: 'pod-up:1' }),
    );
    expect(found).toEqual(['LlamaCloudExporterMemoryHigh']);
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

  it('mutes what members say of the API where most of an account is not read', async () => {
    const member = { job: 'llamacloud-members', instance: 'pod:2' };
    const found = await muted(
      on('LlamaCloudMostDataStale', 'critical', { instance: 'service:2', account: 'most' }),
      on('LlamaCloudApiErrors', 'warning', { ...member, account: 'most' }),
      on('LlamaCloudApiErrors', 'warning', { ...member, account: 'healthy' }),
    );
    expect(found).toEqual(['LlamaCloudApiErrors']);
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
