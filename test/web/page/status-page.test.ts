/** The status page for one project and for 500: what is wrong comes first, and all of it can be reached. */
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import type { ProjectStatus, Status } from '../../../src/domain/status.ts';
import { BUSY, hourOf, manyProjects, PROBLEM, projectFixture, serve, statusFixture } from '../fixtures.ts';
import { get } from '../http.ts';
import { closeBrowser, open } from './browser.ts';
import { shown, textOf } from './text.ts';

afterAll(closeBrowser);

/** The text of the first block with this id. */
const blockOf = (page: string, id: string): string =>
  textOf(page, new RegExp(`id="${id}"[^>]*>(.*?)</(?:div|section)>`, 's'));

const verdict = (projects: readonly ProjectStatus[], change: Partial<Status> = {}): string =>
  blockOf(shown({ projects, ...change }), 'verdict');

const ok = projectFixture({ name: 'ok' });
const down = projectFixture({ name: 'down', up: false });
const failing = projectFixture({ name: 'failing', lastHour: hourOf([9, 1], [0, 1]) });
const waiting = projectFixture({ name: 'waiting', up: null, lastHour: null });

describe('the verdict', () => {
  it.each([
    ['of one', [ok], 'The project is OK.'],
    ['of three', [ok, ok, ok], 'All 3 projects are OK.'],
    ['with one that waits', [ok, waiting], '1 of 2 projects has not been read yet.'],
    ['without any', [], 'No project is polled yet.'],
    ['with one down', [down], '1 project is down. down'],
    ['with all kinds', [ok, failing, down, waiting], '1 of 4 projects is down, 1 is failing. down failing'],
  ] as const)('%s', (_, projects, words) => {
    expect(verdict(projects)).toBe(words);
  });

  it('counts open problems', () => {
    expect(verdict([ok], { problems: [PROBLEM, { ...PROBLEM, resolved: true }] })).toBe('1 open problem.');
  });

  it('names a few and leads to all', () => {
    const projects = Array.from({ length: 9 }, (_, i) => ({ ...down, name: `d${i}` }));
    expect(verdict(projects)).toBe('9 of 9 projects are down. d0 d1 d2 d3 d4 Show all 9');
  });
});

describe('500 projects', () => {
  const STATUS = { ...BUSY, projects: manyProjects(500) };

  it('weigh at most 60 kB, files included', async () => {
    await using served = await serve();
    served.status.value = STATUS;
    const headers = { 'accept-encoding': 'gzip' };
    const { text } = await get(served.url);
    const files = [...text.matchAll(/(?:src|href)="(assets\/[^"]+)"/g)].map((match) => `${served.url}/${match[1]}`);
    const sizes = await Promise.all(
      [served.url, ...new Set(files)].map(async (url) => (await get(url, { headers })).body.length),
    );
    expect(sizes.length).toBe(4);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(60_000);
  });

  it('weigh at most 60 kB with every name different and long', () => {
    const projects = manyProjects(500).map((project, i) => ({ ...project, name: `${i} ${'long name '.repeat(1000)}` }));
    expect(gzipSync(shown({ ...STATUS, projects })).length).toBeLessThan(60_000);
  });

  it('can all be reached, page by page', () => {
    const pages = Array.from({ length: 10 }, (_, i) => shown(STATUS, `sort=name&page=${i + 1}`));
    const ids = pages.flatMap((page) => [...page.matchAll(/data-key="([^"]+)"/g)].map((match) => match[1]));
    expect(ids).toEqual(manyProjects(500).map(({ id }) => id));
    expect(shown(STATUS, 'sort=name&page=99')).toContain('451 to 500 of 500 projects');
  });

  it('say on the first screen what is wrong', async (context) => {
    await using served = await serve();
    served.status.value = STATUS;
    const { page, faults } = await open(context, served.url, { viewport: { width: 360, height: 640 } });
    const box = await page.locator('#verdict').boundingBox();
    expect((box?.y ?? 640) + (box?.height ?? 640)).toBeLessThan(640);
    expect(await page.locator('#verdict b').innerText()).toBe(
      '46 of 500 projects are down, 23 are failing, 1 open problem.',
    );
    await page.getByRole('link', { name: 'Show all 69' }).click();
    await page.getByText('Show all projects').waitFor();
    const states = await page.locator('tbody .status .chip').allInnerTexts();
    expect(states.map((state, i) => [i, state])).toEqual(states.map((_, i) => [i, i < 46 ? 'Down' : 'Failing']));
    expect(states.length).toBe(50);
    await page.getByText('1 to 50 of 69 projects').waitFor();
    expect(faults).toEqual([]);
  });

  it('can be paged and filtered without JavaScript', async (context) => {
    await using served = await serve();
    served.status.value = STATUS;
    const { page } = await open(context, served.url, { javaScriptEnabled: false });
    await page.getByRole('link', { name: 'Next' }).click();
    await page.getByText('51 to 100 of 500 projects').waitFor();
    await page.locator('#only').click();
    await page.getByText('1 to 50 of 69 projects').waitFor();
    await page.getByRole('link', { name: 'Next' }).click();
    expect(await page.locator('tbody tr').count()).toBe(19);
    await page.locator('#q').fill('project 4');
    await page.locator('#q').press('Enter');
    expect(new URL(page.url()).searchParams.get('only')).toBe('failing');
    const names = await page.locator('tbody .project').allInnerTexts();
    expect(names.length).toBeGreaterThan(1);
    expect(names.every((name) => name.startsWith('Project 4'))).toBe(true);
  });
});

describe('words and figures', () => {
  it('mean one thing each, and every column says what', () => {
    const page = shown({});
    const headings = [...page.matchAll(/<a data-live [^>]*title="([^"]*)"[^>]*>([^<]+)<\/a><\/th>/g)];
    const labels = headings.map((match) => match[2]);
    expect(labels).toEqual([
      'Project',
      'Status',
      'Runs',
      'Failed runs',
      'Cost',
      'Tokens',
      'Sessions',
      'Sessions in error',
      'Data age',
      'Exact up to',
    ]);
    for (const [, meaning] of headings) expect(meaning?.length).toBeGreaterThan(20);
    const tiles = [...page.matchAll(/<dt>([^<]+)<\/dt>\s*<dd><span class="figure">/g)].map((match) => match[1]);
    expect(new Set(tiles).size).toBe(tiles.length);
    expect(page).not.toMatch(/at rest|head, |Go on|Error ratio/);
  });

  it('say the same of a figure in the tile and in the table', () => {
    const projects = [ok, { ...ok, id: 'other', runs: 22, failedRuns: 2, sessionsInError: 3, costUsd: 8.77 }];
    const page = shown({ projects });
    for (const figure of ['5,700', '58 failed (1.0%)', '18 in error', '$80.00']) expect(page).toContain(figure);
  });

  it('name accounts a line each', () => {
    const [account] = statusFixture().accounts;
    if (account === undefined) throw new Error('no account');
    const page = shown({ accounts: [account, { ...account, name: 'eu', discoveryUp: false, projects: 3 }] });
    expect(page.match(/<li class="account">/g)).toHaveLength(2);
    expect(page).toContain('Discovery down');
  });

  it('name members a line each, where there are several', () => {
    const self = { name: '<a>', projects: 1, isSelf: true };
    expect(shown({ members: [self] })).not.toContain('Members');
    const page = shown({ members: [self, { name: 'b', projects: 1200, isSelf: false }] });
    expect(page).toContain('<h2>Members</h2>');
    expect(page).toMatch(/&lt;a&gt;.*This one.*\n<span>1 project</);
    expect(page).toMatch(/<bdi>b<\/bdi><\/b> \n<span>1,200 projects</);
    expect(page.match(/This one/g)).toHaveLength(1);
  });

  it('draw the last hour in bars', () => {
    const lastHour = hourOf([4, 8], [0, 1]);
    const page = shown({ projects: [projectFixture({ lastHour })] });
    expect(page).toContain('<path class="ran" d="M57 16v-8M59 16v-16"/><path class="failed" d="M59 16v-2"/>');
    expect(shown({ projects: [projectFixture({ lastHour: null })] })).toContain('no runs in the last hour');
  });
});
