/** Which alerts share a page: a real Alertmanager groups them by the shipped configuration. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findTool } from '../support/tools.ts';
import { type Alertmanager, type Labels, startAlertmanager } from './server.ts';

const program = findTool('prometheus-alertmanager') ?? '';

const PODS = ['pod-a:1', 'pod-b:1', 'pod-c:1'];

describe.runIf(program)('pages, as a real Alertmanager groups them', () => {
  let server: Alertmanager;
  beforeAll(async () => {
    server = await startAlertmanager(program);
  });
  afterAll(() => server.stop());

  /** How many alerts each message to a pager has. */
  async function pages(...alerts: readonly Labels[]): Promise<readonly number[]> {
    const found = await server.groups(alerts.map((labels) => ({ severity: 'critical', ...labels })));
    return found.filter(({ receiver }) => receiver.name.endsWith('pager')).map((group) => group.alerts.length);
  }

  const burn = (project: string, instance = 'service:1', labels: Labels = {}): Labels => ({
    alertname: 'LlamaCloudErrorBudgetBurnFast',
    job: 'llamacloud-exporter',
    instance,
    account: 'default',
    project_id: project,
    ...labels,
  });
  const cause = (alertname: string, account: string, instance: string): Labels => ({
    alertname,
    job: 'llamacloud-exporter-members',
    instance,
    account,
  });

  it('are one for each project', async () => {
    expect(await pages(burn('p1'), burn('p2'), burn('p3'))).toEqual([1, 1, 1]);
    expect(await pages(burn('p4', 'a:1', { team: 'billing' }), burn('p5', 'a:1', { team: 'billing' }))).toEqual([1, 1]);
  });

  it('are one for a project that several copies tell', async () => {
    expect(await pages(...PODS.map((pod) => burn('p6', pod)))).toEqual([3]);
    expect(await pages(...PODS.map((pod) => burn('p7', pod, { team: 'billing' })))).toEqual([3]);
  });

  it('are one for a key that several members tell, and one for each account', async () => {
    const rejected = PODS.map((pod) => cause('LlamaCloudAuthenticationRejected', 'a', pod));
    expect(await pages(...rejected, cause('LlamaCloudAuthenticationRejected', 'b', 'pod-a:1'))).toEqual([3, 1]);
  });

  it('are one for an outage, however many accounts and members tell it', async () => {
    expect(
      await pages(...['c', 'd'].flatMap((name) => PODS.map((pod) => cause('LlamaCloudApiDown', name, pod)))),
    ).toEqual([6]);
  });

  it('are one for a fault that all members share', async () => {
    const errors = PODS.map((instance) => ({
      alertname: 'LlamaCloudExporterStateWriteErrors',
      job: 'llamacloud-exporter-members',
      instance,
    }));
    expect(await pages(...errors)).toEqual([3]);
  });

  it('are one for each exporter', async () => {
    const down = (instance: string): Labels => ({ alertname: 'LlamaCloudExporterDown', job: 'llamacloud', instance });
    expect(await pages(down('eu:1'), down('us:1'))).toEqual([1, 1]);
  });
});
