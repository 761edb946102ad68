/** The look of the status page: every width, contrast, bounded size, and no markup from names. */
import { afterAll, describe, expect, it } from 'vitest';

import type { Status } from '../../../src/domain/status.ts';
import { BUSY, manyProjects, PROBLEM, projectFixture, serve, statusFixture } from '../fixtures.ts';
import { closeBrowser, open, renew } from './browser.ts';
import { LOW_CONTRAST } from './contrast.ts';

afterAll(closeBrowser);

describe('looks', () => {
  const LONG = projectFixture({ id: 'x'.repeat(120), name: 'Wide'.repeat(60) });
  const account = {
    ...(statusFixture().accounts[0] ?? expect.fail('no account')),
    name: 'n'.repeat(90),
    baseUrl: `https://${'u'.repeat(150)}`,
  };
  const MEMBER = { name: 'exporter-0', projects: 12, isSelf: true };
  const STATUSES: readonly (readonly [string, Status])[] = [
    ['no project', statusFixture({ projects: [], accounts: [] })],
    ['one project', statusFixture()],
    ['500 projects', { ...BUSY, projects: manyProjects(500) }],
    [
      'long names',
      {
        ...BUSY,
        projects: [LONG, ...manyProjects(9)],
        accounts: [account, ...statusFixture().accounts],
        members: [MEMBER, { ...MEMBER, name: 'm'.repeat(200), isSelf: false }],
        problems: [{ ...PROBLEM, message: 'm'.repeat(300) }],
      },
    ],
  ];

  it.for(STATUSES)('fit every width with %s', async ([, status], context) => {
    await using served = await serve();
    served.status.value = status;
    const { page, faults } = await open(context, served.url);
    for (const width of [360, 414, 768, 1024, 1280, 1360, 1361, 1440, 2560]) {
      await page.setViewportSize({ width, height: 800 });
      expect([width, await page.evaluate('document.documentElement.scrollWidth')]).toEqual([width, width]);
    }
    expect(await page.locator('tbody tr').count()).toBe(Math.min(50, status.projects.length));
    expect(faults).toEqual([]);
  });

  it.for(['light', 'dark'] as const)('have contrast enough when %s', async (colorScheme, context) => {
    await using served = await serve();
    served.status.value = {
      ...BUSY,
      ready: false,
      members: [MEMBER, { ...MEMBER, name: 'exporter-1', isSelf: false }],
      accounts: [account, { ...account, name: 'b', discoveryUp: false }, { ...account, name: 'c', discoveryUp: null }],
    };
    const { page } = await open(context, served.url, { colorScheme });
    for (const summary of await page.locator('summary').all()) await summary.click();
    await page.evaluate('document.getElementById("notice").textContent = "gone"');
    for (const width of [1440, 360]) {
      await page.setViewportSize({ width, height: 800 });
      expect(await page.evaluate(LOW_CONTRAST)).toEqual([]);
    }
    await page.goto(`${served.url}/nowhere`);
    expect(await page.evaluate(LOW_CONTRAST)).toEqual([]);
  });

  it('show in red only what is wrong', async (context) => {
    await using served = await serve();
    const { page } = await open(context, served.url);
    const colours = (of: string): Promise<string[]> =>
      page.evaluate(`[...document.querySelectorAll('${of}')].map((found) => getComputedStyle(found).color)`);
    const [soft] = await colours('.tile dt');
    expect([...new Set(await colours('.tile .note'))]).toEqual([soft]);
    served.status.value = BUSY;
    await page.reload();
    expect([...new Set(await colours('.tile.plain .note'))]).toEqual([soft]);
    expect(await colours('.tile.bad .note')).not.toContain(soft);
    expect(await page.locator('.tile.bad .note').count()).toBeGreaterThan(0);
  });

  it('stay bounded with 10,000 projects', async (context) => {
    await using served = await serve();
    served.status.value = { ...BUSY, projects: manyProjects(10_000) };
    const { page } = await open(context, served.url);
    expect(await page.locator('tbody tr').count()).toBe(50);
    await page.getByText('1 to 50 of 10,000 projects').waitFor();
    await page.getByRole('link', { name: 'Last' }).click();
    await page.getByText('9,951 to 10,000 of 10,000 projects').waitFor();
    expect(await page.locator('tbody tr').count()).toBe(50);
  });
});

describe('hostile strings', () => {
  const EVIL = `"'><img src=x onerror="window.pwned=1"><script>window.pwned=1</script></main><a href="javascript:window.pwned=1">`;
  const evil = (name: string): string => `${name}${EVIL}`;

  it('from the API stay text', async (context) => {
    await using served = await serve();
    const base = statusFixture();
    const project = projectFixture({
      id: evil('id'),
      name: evil('name'),
      account: evil('account'),
      sweep: { progress: 0.5, pages: 1, secondsLeft: 1 },
    });
    served.status.value = {
      ...base,
      version: evil('version'),
      revision: evil('revision'),
      state: { ...base.state, location: evil('state') },
      accounts: base.accounts.flatMap((a) => [
        { ...a, name: evil('account'), baseUrl: `javascript:window.pwned=1//${EVIL}` },
        { ...a, name: 'second' },
      ]),
      projects: [project, ...manyProjects(9)],
      problems: [
        { ...PROBLEM, subject: evil('subject'), message: evil('message'), fix: evil('fix') },
        { ...PROBLEM, subject: project.id, fix: 'other' },
      ],
    };
    const { page, faults } = await open(
      context,
      `${served.url}/?q=&sort=${encodeURIComponent(EVIL)}&order=${encodeURIComponent(EVIL)}`,
    );
    const check = async (): Promise<void> => {
      expect(await page.evaluate('window.pwned')).toBeUndefined();
      expect(
        await page
          .locator(
            'img:not([alt=""]), script:not([src]), main a:not([data-live]):not([data-page]):not([href="#problems"]), [onerror]',
          )
          .count(),
      ).toBe(0);
      const text = await page.locator('body').innerText();
      for (const part of ['id', 'name', 'account', 'version', 'revision', 'state', 'message', 'fix', 'subject'])
        expect(text).toContain(evil(part));
    };
    await check();
    await renew(page);
    await check();
    expect(faults).toEqual([]);
  });

  it('in the address stay text', async (context) => {
    await using served = await serve();
    served.status.value = BUSY;
    const { page, faults } = await open(context, `${served.url}/?q=${encodeURIComponent(EVIL)}`);
    expect(await page.locator('#q').inputValue()).toBe(EVIL.slice(0, 100));
    await renew(page);
    expect(await page.evaluate('window.pwned')).toBeUndefined();
    expect(faults).toEqual([]);
  });
});
