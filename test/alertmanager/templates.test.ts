/**
 * The text of Slack messages, mails and pages, rendered by amtool: complete, short enough, and safe whatever a project
 * is called.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findTool } from '../support/tools.ts';
import { ALERTMANAGER_DIRECTORY, ask } from './amtool.ts';

const amtool = findTool('amtool') ?? '';
const RUNBOOK = 'https://runbook.example/#llamacloudprojectdatastale';
/** What Slack, mail and pager are given: each as its receiver renders it. */
const MESSAGES = [
  ['llamacloud.slack', 'text'],
  ['llamacloud.text', 'text'],
  ['llamacloud.mail', 'html'],
] as const;

const alert = (project: string, minutes: number | null) => ({
  status: minutes === null ? 'firing' : 'resolved',
  labels: { alertname: 'LlamaCloudProjectDataStale', severity: 'warning', project },
  annotations: {
    summary: `Project ${project} cannot be read, others can`,
    description: `The last successful poll of project ${project} ended 21m 0s ago, while other projects are read. Nothing watches its agents. Look at the reason of its failed polls: it may be deleted, or hidden from the key.`,
    runbook_url: RUNBOOK,
    dashboard: `/d/llamacloud-project?var-project=${encodeURIComponent(project)}`,
  },
  startsAt: '2026-04-22T12:00:00Z',
  endsAt: minutes === null ? '0001-01-01T00:00:00Z' : `2026-04-22T12:${minutes}:00Z`,
  generatorURL: `http://prometheus.example/graph?g0.expr=${'x'.repeat(1000)}`,
});

type Alert = ReturnType<typeof alert>;

const notification = (...alerts: readonly Alert[]) => ({
  receiver: 'chat',
  status: alerts.some((each) => each.status === 'firing') ? 'firing' : 'resolved',
  alerts,
  groupLabels: { alertname: 'LlamaCloudProjectDataStale' },
  commonLabels: { alertname: 'LlamaCloudProjectDataStale', severity: 'warning' },
  commonAnnotations: {},
  externalURL: 'http://alertmanager.example',
});

const many = (count: number, minutes: number | null, name = (i: number) => `project-${i}`): readonly Alert[] =>
  Array.from({ length: count }, (_, i) => alert(name(i), minutes));

describe.runIf(amtool)('messages', { timeout: 30_000 }, () => {
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
      'Warning: Project support cannot be read, others can',
    );
    expect(await render('llamacloud.title', notification(alert('support', 23)))).toBe(
      'Resolved: Project support cannot be read, others can',
    );
  });

  it('count several alerts in their title', async () => {
    const data = notification(alert('support', null), alert('sales', null), alert('legal', 23));
    expect(await render('llamacloud.title', data)).toBe('Warning: LlamaCloudProjectDataStale (2 firing, 1 resolved)');
  });

  it('say in plain text what to do', async () => {
    expect(await render('llamacloud.text', notification(alert('support', null), alert('sales', 23)))).toBe(
      [
        'Project support cannot be read, others can',
        'The last successful poll of project support ended 21m 0s ago, while other projects are read. Nothing watches its agents. Look at the reason of its failed polls: it may be deleted, or hidden from the key.',
        `Since 2026-04-22 12:00 UTC. What to do: ${RUNBOOK}`,
        'Dashboard: http://localhost:3000/d/llamacloud-project?var-project=support',
        '',
        'Resolved after 23m0s: Project sales cannot be read, others can',
        '',
      ].join('\n'),
    );
  });

  it('show links in Slack', async () => {
    const shown = await render('llamacloud.slack', notification(alert('support', null)));
    expect(shown).toContain('*Project support cannot be read, others can*\n');
    expect(shown).toContain(
      `<${RUNBOOK}|What to do> · <http://localhost:3000/d/llamacloud-project?var-project=support|Dashboard>`,
    );
  });

  it.each(MESSAGES)('of 300 alerts name ten in %s, and say how many more there are', async (name, type) => {
    const shown = await render(name, notification(...many(300, null), ...many(20, 23)), type);
    expect(shown.match(/Project project-\d+ cannot/g)).toHaveLength(10);
    expect(shown).toContain('and 290 more');
    expect(shown).toContain('http://alertmanager.example/#/alerts?receiver=chat');
    expect(shown).toContain('20 resolved');
    expect(shown).toContain(RUNBOOK);
  });

  it.each(MESSAGES)('of 10 alerts name all in %s', async (name, type) => {
    const shown = await render(name, notification(...many(10, null)), type);
    expect(shown.match(/Project project-\d+ cannot/g)).toHaveLength(10);
    expect(shown).not.toContain('more');
  });

  it.each(MESSAGES)('of 300 resolved alerts name ten in %s', async (name, type) => {
    const shown = await render(name, notification(...many(300, 23)), type);
    expect(shown.match(/Project project-\d+ cannot/g)).toHaveLength(10);
    expect(shown).toContain('and 290 more resolved');
  });

  it.each(MESSAGES)('in %s stay below 4,000 characters, whatever projects are called', async (name, type) => {
    const names = ['&', '<', '>', '"', '界', 'x'].map((letter) => letter.repeat(128));
    const lengths: number[] = [];
    for (const hostile of names) {
      for (const count of [1, 5, 10, 300]) {
        const data = notification(...many(count, null, () => hostile), ...many(count, 23, () => hostile));
        lengths.push((await render(name, data, type)).length);
      }
    }
    expect(Math.max(...lengths)).toBeLessThan(4000);
    expect(Math.min(...lengths)).toBeGreaterThan(150);
  });

  it('let no project name call a channel', async () => {
    const hostile = notification(alert('<!channel> & <https://evil.example|x>', null), alert('b', null));
    for (const name of ['llamacloud.slack', 'llamacloud.slack.title']) {
      expect(await render(name, hostile)).not.toMatch(/<!|<https:\/\/evil/);
      expect(await render(name, notification(alert('<!channel>', null)))).not.toMatch(/<!/);
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
