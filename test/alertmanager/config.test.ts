/**
 * The shipped alertmanager.yml: amtool accepts it, each alert reaches the right receiver, and every secret comes from a
 * file.
 */
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { alertsOf, readGroups } from '../rules/shipped.ts';
import { findTool } from '../support/tools.ts';
import { ask, CONFIG, receivers } from './amtool.ts';

type Route = {
  readonly receiver: string;
  readonly matchers?: readonly string[];
  readonly group_by?: readonly string[];
  readonly routes?: readonly Route[];
};

const amtool = findTool('amtool') ?? '';
const text = await readFile(CONFIG, 'utf8');

describe.runIf(amtool)('alertmanager.yml', () => {
  it('is what amtool accepts', async () => {
    expect(await ask(amtool, 'check-config', CONFIG)).toContain('SUCCESS');
  });

  it.each([
    [{ alertname: 'LlamaCloudErrorBudgetBurnFast', severity: 'critical', project: 'support', team: 'care' }, 'pager'],
    [{ alertname: 'LlamaCloudProjectDataStale', severity: 'warning', project: 'support' }, 'chat'],
    [{ alertname: 'LlamaCloudApiSlow', severity: 'info', account: 'default' }, 'quiet'],
    [{ alertname: 'LlamaCloudExporterDown', severity: 'critical' }, 'pager'],
    [{ alertname: 'LlamaCloudApiDown', severity: 'critical', account: 'default' }, 'pager'],
    [{ alertname: 'LlamaCloudRateLimited', severity: 'warning' }, 'chat'],
    [
      { alertname: 'LlamaCloudCostRunaway', severity: 'critical', project: 'invoices', team: 'billing' },
      'billing-pager',
    ],
    [{ alertname: 'LlamaCloudTokenSpike', severity: 'warning', project: 'invoices', team: 'billing' }, 'billing-mail'],
    [{ alertname: 'LlamaCloudApiSlow', severity: 'info', team: 'billing' }, 'quiet'],
    [{ alertname: 'LlamaCloudCostRunaway', severity: 'critical', project: 'billing-eu' }, 'pager'],
    [{ alertname: 'Other' }, 'chat'],
  ])('routes %j to %s', async (labels, receiver) => {
    expect(await receivers(amtool, labels as Record<string, string>)).toEqual([receiver]);
  });

  it('sends every shipped alert where its severity says', async () => {
    const bySeverity: Readonly<Record<string, string>> = { critical: 'pager', warning: 'chat', info: 'quiet' };
    const routed = await Promise.all(
      alertsOf(await readGroups()).map(async ({ alert, labels }) => {
        const found = await receivers(amtool, { alertname: alert, severity: labels.severity, project: 'support' });
        return found.join() === bySeverity[labels.severity] ? [] : [`${alert} to ${found.join()}`];
      }),
    );
    expect(routed.flat()).toEqual([]);
  });

  it('pages for each project, and once for an outage', () => {
    const pages = (route: Route): readonly Route[] =>
      [route, ...(route.routes ?? []).flatMap(pages)].filter((each) => each.receiver.endsWith('pager'));
    const routes = [...new Set(pages((parse(text) as { route: Route }).route))];
    expect(routes.map((route) => route.group_by?.join(' '))).toEqual([
      'alertname job account project_id',
      'alertname job',
      'alertname job account project_id',
      'alertname job',
      'alertname job instance account project_id',
    ]);
    expect(routes[1]?.matchers).toEqual(['alertname="LlamaCloudApiDown"']);
  });

  it('takes every secret from a file', () => {
    const secrets = /^(.*_key|.*_password|.*api_url|url|.*_token|.*secret)$/;
    const names: string[] = [];
    parse(text, (key, value) => {
      if (typeof key === 'string' && secrets.test(key)) names.push(key);
      return value;
    });
    expect(names).toEqual([]);
    expect(text.match(/_file: \/etc\/alertmanager\/secrets\//g)?.length).toBeGreaterThan(3);
  });
});
