/** What a browser shows of the status page, and sorting and filtering with and without JavaScript. */
import { afterAll, describe, expect, it } from 'vitest';

import type { ProjectStatus } from '../../../src/domain/status.ts';
import { BUSY, manyProjects, PROBLEM, projectFixture, serve, statusFixture } from '../fixtures.ts';
import { closeBrowser, open, projectNames, until } from './browser.ts';
import { shown } from './text.ts';

afterAll(closeBrowser);

const byRuns = (projects: readonly ProjectStatus[]): string[] =>
  [...projects].sort((a, b) => b.runs - a.runs).map(({ name }) => name);

describe('content of the page', () => {
  it('shows a project as it is', async (context) => {
    await using served = await serve();
    const sweep = { progress: 0.42, pages: 42, secondsLeft: 150 };
    served.status.value = statusFixture({ projects: [projectFixture({ sweep })] });
    const { page, faults } = await open(context, served.url);
    expect(await page.locator('tbody tr > *').allInnerTexts()).toEqual([
      'Support agent\n11111111-0000-4000-8000-000000000000',
      'OK\nsweep 42%, 3 min left',
      '5,678 ',
      '56\n1.0%',
      '$71.23',
      '14.7M',
      '1,234',
      '15\n1.2%',
      '12 s ago',
      '12 s ago',
    ]);
    expect(await page.locator('.spark').getAttribute('aria-label')).toBe('Last hour: 16 runs, 1 failed');
    expect(await page.locator('.tile dd').allInnerTexts()).toContain('1 of 1\nnone is down');
    const account = (await page.locator('.account').innerText()).split(/\s+/).join(' ');
    expect(account).toBe(
      'default Discovery OK https://api.cloud.llamaindex.ai 1 project API budget: 20 requests/min a full sweep takes 4 min',
    );
    expect(await page.locator('#about').innerText()).toContain('/var/lib/llamacloud-exporter/state.db');
    expect(faults).toEqual([]);
  });

  it('shows problems with their fix', async (context) => {
    await using served = await serve();
    served.status.value = BUSY;
    const { page } = await open(context, served.url);
    const text = await page.locator('.problem.open').innerText();
    for (const part of [
      'server_error',
      'Project Project 4',
      PROBLEM.message,
      PROBLEM.fix,
      '29 times since 30 min ago, last 20 s ago',
    ]) {
      expect(text).toContain(part);
    }
    expect(await page.locator('.problem.over').isVisible()).toBe(false);
    await page.locator('#resolved summary').click();
    expect(await page.locator('.problem.over').isVisible()).toBe(true);
  });

  it('folds one problem of many projects', async (context) => {
    await using served = await serve();
    const projects = manyProjects(30);
    served.status.value = statusFixture({
      projects,
      problems: projects.map(({ id }) => ({ ...PROBLEM, subject: id, count: 2 })),
    });
    const { page } = await open(context, served.url);
    expect(await page.locator('.problem').count()).toBe(1);
    const text = await page.locator('.problem').innerText();
    expect(text).toContain('Projects Project 1, Project 2, Project 3, Project 4, Project 5 and 25 more');
    expect(text).toContain('60 times');
  });

  it('links to metrics, status, health and docs', async (context) => {
    await using served = await serve({ telemetryPath: '/custom/path' });
    const { page } = await open(context, served.url);
    const links = await page
      .locator('nav a')
      .evaluateAll((all) => all.map((a) => (a as unknown as { href: string }).href));
    const [docs = '', ...own] = links.reverse();
    expect(docs).toMatch(/^https:/);
    for (const link of own) expect((await fetch(link)).status).toBe(200);
    expect(own).toContain(`${served.url}/custom/path`);
  });

  it.each([
    [{ projects: [] }, 'The key sees no project'],
    [{ projects: [], accounts: [] }, 'discovery has not finished'],
    [
      { projects: [], accounts: statusFixture().accounts.map((a) => ({ ...a, discoveryUp: false })) },
      'discovery fails',
    ],
  ] as const)('says why there is no project (%#)', (change, wanted) => {
    expect(shown(change)).toContain(wanted);
  });
});

describe('sorting', () => {
  it('works by a click, without loading the page again', async (context) => {
    await using served = await serve();
    served.status.value = BUSY;
    const { page, faults } = await open(context, served.url);
    await page.evaluate('window.marker = 1');
    await page.locator('#sort-runs').click();
    await page.locator('th[aria-sort="descending"] #sort-runs').waitFor();
    expect(await projectNames(page)).toEqual(byRuns(BUSY.projects));
    await page.locator('#sort-runs').click();
    await page.locator('th[aria-sort="ascending"] #sort-runs').waitFor();
    expect(await projectNames(page)).toEqual(byRuns(BUSY.projects).reverse());
    expect(await page.evaluate('window.marker')).toBe(1);
    expect(page.url()).toContain('sort=runs&order=asc');
    expect(faults).toEqual([]);
  });

  it('works without JavaScript', async (context) => {
    await using served = await serve();
    served.status.value = BUSY;
    const { page } = await open(context, served.url, { javaScriptEnabled: false });
    expect(await page.locator('th[aria-sort="ascending"]').innerText()).toContain('Status');
    await page.locator('#sort-runs').click();
    expect(await projectNames(page)).toEqual(byRuns(BUSY.projects));
    await page.locator('#q').fill('project 1');
    await page.locator('#q').press('Enter');
    expect(await projectNames(page)).toEqual(byRuns(BUSY.projects).filter((name) => name.startsWith('Project 1')));
    expect(await page.locator('meta[http-equiv="refresh"]').count()).toBe(1);
    expect(await page.locator('#pause').isVisible()).toBe(false);
  });

  it('works by the keyboard, and keeps the focus', async (context) => {
    await using served = await serve();
    served.status.value = BUSY;
    const { page } = await open(context, served.url);
    const focused = (): Promise<string> =>
      page.evaluate('document.activeElement.id || document.activeElement.className');
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('skip');
    await page.keyboard.press('Enter');
    for (let tabs = 0; tabs < 30 && (await focused()) !== 'sort-sessions'; tabs++) await page.keyboard.press('Tab');
    expect(await page.evaluate('getComputedStyle(document.activeElement).outlineStyle')).toBe('solid');
    await page.keyboard.press('Enter');
    await page.locator('th[aria-sort="descending"] #sort-sessions').waitFor();
    expect(await focused()).toBe('sort-sessions');
    await page.keyboard.press('Enter');
    await page.locator('th[aria-sort="ascending"] #sort-sessions').waitFor();
    expect(await focused()).toBe('sort-sessions');
  });

  it('filters while one types', async (context) => {
    await using served = await serve();
    served.status.value = BUSY;
    const { page } = await open(context, served.url);
    await page.locator('#q').pressSequentially('project 12');
    await until(page, 'document.querySelectorAll("tbody tr").length === 1');
    expect(await page.locator('#q').inputValue()).toBe('project 12');
    expect(await page.evaluate('document.activeElement.id')).toBe('q');
    await page.locator('#q').fill('nothing like this');
    await page.getByText('No project matches the filter.').waitFor();
  });
});
