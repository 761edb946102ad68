/** A real Chromium for the tests of the page; it loads from loopback only. */
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { expect, type TestContext } from 'vitest';

import { tool } from '../tools.ts';

const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

let browser: Promise<Browser> | null = null;

export type Opened = {
  readonly page: Page;
  /** Errors of scripts and the policy, and requests to other hosts: a good page has none. */
  readonly faults: string[];
};

/** Opens `url` in a window of its own; the context of the test decides what happens where there is no Chromium. */
export async function open(context: TestContext, url: string, options: BrowserContextOptions = {}): Promise<Opened> {
  const executablePath = tool(context, 'chromium');
  browser ??= chromium.launch({ executablePath, args: FLAGS });
  const window = await (await browser).newContext({ viewport: { width: 1440, height: 900 }, ...options });
  const page = await window.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
  page.on('request', (request) => new URL(request.url()).host !== new URL(url).host && faults.push(request.url()));
  await page.goto(url);
  return { page, faults };
}

export async function closeBrowser(): Promise<void> {
  await (await browser)?.close();
  browser = null;
}

/** Makes the page's script renew at once, as it does when its tab is looked at again. */
export async function renew(page: Page): Promise<void> {
  const answered = page.waitForResponse((response) => response.url().includes('/fragment'));
  await page.evaluate('document.dispatchEvent(new Event("visibilitychange"))');
  await answered;
}

/** Waits until an expression is true in the page. The page's policy forbids what Playwright's own waiting does. */
export async function until(page: Page, expression: string): Promise<void> {
  await expect.poll(() => page.evaluate(expression), { timeout: 5000, message: expression }).toBe(true);
}

/** The names in the table of projects, in its order. */
export function projectNames(page: Page): Promise<string[]> {
  return page.locator('tbody .project').allTextContents();
}
