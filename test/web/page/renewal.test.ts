/** The status page renews itself in place, can be paused, and says when the exporter is gone. */
import type { Page } from 'playwright-core';
import { afterAll, describe, expect, it } from 'vitest';
import { BUSY, manyProjects, PROBLEM, serve, statusFixture } from '../fixtures.ts';
import { closeBrowser, open, projectNames, renew, until } from './browser.ts';

afterAll(closeBrowser);

/** What the browser makes of HTML. */
function normalised(page: Page, text: string): Promise<string> {
  return page.evaluate(`new DOMParser().parseFromString(${JSON.stringify(text)}, 'text/html').body.innerHTML`);
}

describe('renewal', () => {
  it('comes by itself and keeps the place', async (context) => {
    await using served = await serve();
    served.status.value = { ...BUSY, projects: manyProjects(40) };
    const { page, faults } = await open(context, `${served.url}/?sort=name`);
    await page.evaluate('window.marker = document.querySelector("tbody tr")');
    await page.locator('#resolved summary').click();
    await page.mouse.wheel(0, 800);
    await until(page, 'scrollY > 300');
    const before = await page.evaluate('scrollY');
    served.status.value = {
      ...BUSY,
      projects: manyProjects(40).map((project) => ({ ...project, runs: project.runs + 7 })),
    };
    await page.waitForResponse((response) => response.url().includes('/fragment'), { timeout: 8000 });
    await until(page, 'document.querySelector("tbody td[data-label=Runs]").textContent.startsWith("7 ")');
    expect(await page.evaluate('window.marker === document.querySelector("tbody tr")')).toBe(true);
    expect(await page.locator('#resolved').getAttribute('open')).not.toBeNull();
    expect(await page.evaluate('scrollY')).toBe(before);
    expect(faults).toEqual([]);
  });

  it('adds, moves and removes rows', async (context) => {
    await using served = await serve();
    const { page } = await open(context, `${served.url}/?sort=name`);
    for (const count of [12, 0, 5, 40, 1]) {
      const projects = manyProjects(count).toReversed();
      served.status.value = statusFixture({ projects, problems: count === 5 ? [PROBLEM] : [] });
      await renew(page);
      await until(page, `document.querySelectorAll("tbody tr").length === ${count}`);
      const wanted = manyProjects(count).map(({ name }) => name);
      expect(await projectNames(page)).toEqual(wanted);
      const wantedHtml = await (await fetch(`${served.url}/fragment?sort=name`)).text();
      expect(await page.locator('#live').innerHTML()).toBe(await normalised(page, wantedHtml));
    }
  });

  it('can be paused', async (context) => {
    await using served = await serve();
    const { page } = await open(context, served.url);
    await page.locator('#pause').click();
    expect(await page.locator('#pause').getAttribute('aria-pressed')).toBe('true');
    let requests = 0;
    page.on('request', () => (requests += 1));
    await page.waitForTimeout(5500);
    expect(requests).toBe(0);
    await page.locator('#pause').click();
    await until(page, 'document.getElementById("pause").textContent === "Pause"');
    await expect.poll(() => requests).toBe(1);
  });

  it('says when the exporter is gone, and when it is back', async (context) => {
    const served = await serve();
    const { page } = await open(context, served.url);
    await served.web.stop();
    await page.evaluate('document.dispatchEvent(new Event("visibilitychange"))');
    await page.getByText('The exporter does not answer').waitFor();
    expect(await page.locator('tbody tr').count()).toBe(1);
    await using again = await serve({
      listenAddresses: [{ host: '127.0.0.1', port: Number(new URL(served.url).port) }],
    });
    again.status.value = BUSY;
    await renew(page);
    await until(page, 'document.getElementById("notice").textContent === ""');
    expect(await page.locator('tbody tr').count()).toBe(12);
  });
});
