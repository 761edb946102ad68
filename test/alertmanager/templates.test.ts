import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findTool } from '../support/tools.ts';
import { ALERTMANAGER_DIRECTORY, ask } from './amtool.ts';

const amtool = findTool('amtool') ?? '';
const RUNBOOK = 'https://runbook.example/#llamacloudprojectdatastale';

const alert = (project: string, minutes: number | null) => ({
  status: minutes === null ? 'firing' : 'resolved',
  labels: { alertname: 'LlamaCloudProjectDataStale', severity: 'critical', project },
  annotations: {
    summary: `The data of project ${project} are old`,
    description: `The last successful poll of project ${project} ended 21m 0s ago.`,
    runbook_url: RUNBOOK,
  },
  startsAt: '2026-04-22T12:00:00Z',
  endsAt: minutes === null ? '0001-01-01T00:00:00Z' : `2026-04-22T12:${minutes}:00Z`,
  generatorURL: 'http://prometheus.example/graph?g0.expr=up',
});

const notification = (...alerts: readonly ReturnType<typeof alert>[]) => ({
  receiver: 'chat',
  status: alerts.some((each) => each.status === 'firing') ? 'firing' : 'resolved',
  alerts,
  groupLabels: { alertname: 'LlamaCloudProjectDataStale' },
  commonLabels: { alertname: 'LlamaCloudProjectDataStale', severity: 'critical' },
  commonAnnotations: {},
  externalURL: 'http://alertmanager.example',
});

describe.runIf(amtool)('messages', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'llamacloud-templates-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  async function render(name: string, data: unknown, type: 'text' | 'html' = 'text'): Promise<string> {
    const file = join(folder, 'data.json');
    await writeFile(file, JSON.stringify(data));
    const glob = `--template.glob=${ALERTMANAGER_DIRECTORY}/templates/*.tmpl`;
    const options = [glob, `--template.data=${file}`, `--template.type=${type}`];
    return ask(amtool, 'template', 'render', ...options, `--template.text={{ template "${name}" . }}`);
  }

  it('name the one alert in their title', async () => {
    expect(await render('llamacloud.title', notification(alert('support', null)))).toBe(
      'Critical: The data of project support are old',
    );
    expect(await render('llamacloud.title', notification(alert('support', 23)))).toBe(
      'Resolved: The data of project support are old',
    );
  });

  it('count several alerts in their title', async () => {
    const data = notification(alert('support', null), alert('sales', null), alert('legal', 23));
    expect(await render('llamacloud.title', data)).toBe('Critical: LlamaCloudProjectDataStale (2 firing, 1 resolved)');
  });

  it('say in plain text what to do', async () => {
    expect(await render('llamacloud.text', notification(alert('support', null), alert('sales', 23)))).toBe(
      [
        'The data of project support are old',
        'The last successful poll of project support ended 21m 0s ago.',
        `Since 2026-04-22 12:00 UTC. What to do: ${RUNBOOK}`,
        '',
        'Resolved after 23m0s: The data of project sales are old',
        '',
        '',
      ].join('\n'),
    );
  });

  it('show links in Slack', async () => {
    const shown = await render('llamacloud.slack', notification(alert('support', null)));
    expect(shown).toContain('*The data of project support are old*\n');
    expect(shown).toContain(`<${RUNBOOK}|What to do> · <http://prometheus.example/graph?g0.expr=up|The query>`);
  });

  it('let no project name call a channel', async () => {
    const hostile = notification(alert('<!channel> & <https://evil.example|x>', null), alert('b', null));
    for (const name of ['llamacloud.slack', 'llamacloud.slack.title']) {
      expect(await render(name, hostile)).not.toMatch(/<!|<https:\/\/evil/);
    }
  });

  it('let no project name write HTML', async () => {
    const hostile = notification(alert('<img src=x onerror=alert(1)>', null), alert('legal', 23));
    const html = await render('llamacloud.mail', hostile, 'html');
    expect(html).not.toContain('<img');
    expect(html).toContain('&lt;img');
    expect(html).toContain(`<a href="${RUNBOOK}">What to do</a>`);
  });
});
