/** The page of one project, in a real browser. */
import { afterAll, describe, expect, it } from 'vitest';
import type { SessionQuery } from '../../../src/domain/session-list.ts';
import { HOUR } from '../../../src/domain/time.ts';
import { PROBLEM, projectFixture, type Served, serve, statusFixture } from '../fixtures.ts';
import { get } from '../http.ts';
import { closeBrowser, open, until } from './browser.ts';
import { LOW_CONTRAST } from './contrast.ts';
import { DETAIL, manySessions, sessionFixture } from './project-fixtures.ts';

afterAll(closeBrowser);

const PROJECT = projectFixture();
const PATH = `/projects/${PROJECT.id}`;
const AS_OF = '2026-05-04T11:59:30.000Z';

/** A server whose project has everything that a page can show. */
async function scene(): Promise<Served> {
  const served = await serve();
  served.status.value = statusFixture({ problems: [{ ...PROBLEM, subject: PROJECT.id }] });
  served.status.detail = DETAIL;
  served.sessions.answer = (_, queries) =>
    queries.map(({ limit }) => ({ matched: 1234, sessions: manySessions(limit), asOf: AS_OF }));
  return served;
}

const lastAsked = (served: Served): SessionQuery | undefined => served.sessions.asked.at(-1)?.[0];

describe('the page of a project', () => {
  it('shows its figures', async (context) => {
    await using served = await scene();
    const { page, faults } = await open(context, served.url + PATH);
    expect(await page.locator('h1').innerText()).toBe('Support agent\nOK');
    const tiles = await page.locator('.tile').allInnerTexts();
    expect(tiles.map((text) => text.split(/\s+/).join(' ').trim())).toEqual([
      'Runs counted 5,678 56 failed (1.0%)',
      'Runs in the last hour 16 1 failed (6.3%)',
      'Cost $71.23 of the runs counted',
      'Cost today $3.21 of $20.00 (16.1%)',
      'Cost this month $71.20 of $60.00 (118.7%)',
      'Tokens 14.7M 12.3M in, 2.35M out',
      'Run duration 3.4 s median; 95% below 41 s',
      'Sessions 1,234 15 in error (1.2% of those that have run)',
      'Data age 12 s ago last successful poll',
      'Exact up to 12 s ago',
    ]);
    expect(await page.locator('.tile.bad dt').allInnerTexts()).toEqual(['Cost this month']);
    expect(await page.locator('.problem').innerText()).toContain(PROBLEM.message);
    expect(await page.locator('#about').innerText()).toContain(`/d/llamacloud-project?var-project=${PROJECT.id}`);
    expect(faults).toEqual([]);
  });

  it('leaves out what is not known', async (context) => {
    await using served = await serve();
    served.status.value = statusFixture({ projects: [{ ...PROJECT, costUsd: null, lastHour: null, sessions: null }] });
    const { page } = await open(context, served.url + PATH);
    const labels = await page.locator('.tile dt').allInnerTexts();
    expect(labels).not.toContain('Cost today');
    expect(labels).not.toContain('Cost this month');
    expect(await page.locator('main').innerText()).not.toMatch(/NaN|undefined|null|Infinity/);
    await page.getByText('No session matches.').waitFor();
  });

  it('lists sessions with their ids and figures', async (context) => {
    await using served = await scene();
    const list = { matched: 1, sessions: [sessionFixture()], asOf: AS_OF };
    served.sessions.answer = (_, queries) => queries.map(() => list);
    const { page } = await open(context, served.url + PATH);
    const cells = await page.locator('tbody tr > *').allInnerTexts();
    expect(cells.map((text) => text.split(/\s+/).join(' '))).toEqual([
      '22222222-0000-4000-8000-000000000000 Copy',
      '2 min ago',
      'Failed timeout',
      '$0.01',
      '12 s',
      '5',
      '1,234',
      '77',
    ]);
  });

  it('changes lists by a click, and back to what a link says', async (context) => {
    await using served = await scene();
    const { page, faults } = await open(context, served.url + PATH);
    await page.evaluate('window.marker = 1');
    for (const key of ['cost', 'duration', 'turns', 'latest', 'failures']) {
      await page.locator(`#list-${key}`).click();
      await page.locator(`#list-${key}[aria-current="page"]`).waitFor();
    }
    await page.getByRole('link', { name: 'timeout 40' }).click();
    await until(page, 'document.querySelector("#class").value === "timeout"');
    expect(lastAsked(served)).toMatchObject({ state: 'error', errorClass: 'timeout', since: null });
    await page.locator('#since').selectOption('24h');
    await until(page, 'location.search.includes("since=24h")');
    await page.getByText('Show 100').click();
    await until(page, 'document.querySelectorAll("tbody tr").length === 100');
    expect(lastAsked(served)).toMatchObject({ state: 'error', errorClass: 'timeout', since: 24 * HOUR });
    expect(await page.evaluate('window.marker')).toBe(1);
    expect(faults).toEqual([]);
  });

  it('works without JavaScript', async (context) => {
    await using served = await scene();
    const { page } = await open(context, served.url, { javaScriptEnabled: false });
    await page.getByRole('link', { name: 'Support agent' }).first().click();
    await page.locator('#list-turns').click();
    await page.locator('#since').selectOption('1h');
    await page.getByRole('button', { name: 'Show' }).click();
    expect(new URL(page.url()).search).toBe('?list=turns&since=1h');
    expect(await page.locator('#list-turns').getAttribute('aria-current')).toBe('page');
    expect(await page.locator('tbody tr').count()).toBe(20);
    expect(await page.locator('.copy').first().isVisible()).toBe(false);
    await page.getByRole('link', { name: 'All projects' }).click();
    expect(await page.locator('tbody .project').innerText()).toBe('Support agent');
  });

  it('copies an id by the keyboard', async (context) => {
    await using served = await scene();
    const permissions = ['clipboard-read', 'clipboard-write'];
    const { page } = await open(context, served.url + PATH, { permissions });
    await page.locator('tbody .copy').first().focus();
    await page.keyboard.press('Enter');
    const id = '00000000-1111-4000-8000-000000000000';
    await page.getByText(`Copied ${id}`).waitFor();
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(id);
    expect(await page.evaluate('document.activeElement.dataset.copy')).toBe(id);
  });

  it('fits every width, with contrast enough', async (context) => {
    await using served = await scene();
    for (const colorScheme of ['light', 'dark'] as const) {
      const { page } = await open(context, served.url + PATH, { colorScheme });
      for (const width of [360, 768, 1361, 1440, 2560]) {
        await page.setViewportSize({ width, height: 800 });
        expect([width, await page.evaluate('document.documentElement.scrollWidth')]).toEqual([width, width]);
        expect(await page.evaluate(LOW_CONTRAST)).toEqual([]);
      }
    }
  });
});

describe('when sessions cannot be listed', () => {
  it('the page says so, and tries again', async (context) => {
    await using served = await scene();
    const { answer } = served.sessions;
    served.sessions.answer = () => 'busy';
    const { page } = await open(context, served.url + PATH);
    await page.getByText('Another list of sessions is being read.').waitFor();
    expect(await page.locator('.tile').count()).toBe(10);
    served.sessions.answer = answer;
    await page.locator('tbody tr').first().waitFor();
  });

  it('the page shows its figures, and the log why', async () => {
    await using served = await scene();
    served.sessions.answer = () => {
      throw new Error('secret detail');
    };
    const { status, text } = await get(served.url + PATH);
    expect([status, text.includes('The sessions cannot be read now'), text.includes('secret')]).toEqual([
      200,
      true,
      false,
    ]);
    expect(served.logger.at('warn')).toHaveLength(1);
  });

  it.each(['/projects/unknown', '/projects/unknown/fragment', '/projects/', '/projects/a/b/c', '/projects/%'])(
    '%s is not found',
    async (path) => {
      await using served = await scene();
      const { status, text } = await get(served.url + path, { headers: { accept: 'text/html' } });
      expect([404, 400]).toContain(status);
      expect(text).not.toContain('unknown');
    },
  );
});

describe('names at their worst', () => {
  const EVIL = `"'><img src=x onerror="window.pwned=1"><script>window.pwned=1</script><a href="javascript:window.pwned=1">`;

  it.for([
    ['markup', EVIL],
    ['10 kB', 'W'.repeat(10_000)],
    ['right to left', `‮${'مشروع '.repeat(40)}`],
    ['half a character', 'broken \ud800 name'],
  ] as const)('stay text and in their place: %s', async ([, name], context) => {
    await using served = await scene();
    const project = projectFixture({
      id: `id/../?#${name.toWellFormed()}`.slice(0, 200),
      name,
      account: name.slice(0, 200),
    });
    served.status.value = statusFixture({ projects: [project] });
    const { page, faults } = await open(context, served.url);
    await page.locator('tbody .project').click();
    await page.locator('h1').waitFor();
    await page.setViewportSize({ width: 360, height: 800 });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
    expect((await page.locator('h1 bdi').innerText()).slice(0, 100)).toContain(name.toWellFormed().trim().slice(0, 60));
    expect(await page.evaluate('window.pwned')).toBeUndefined();
    expect((await page.content()).length).toBeLessThan(120_000);
    expect(faults).toEqual([]);
  });
});
