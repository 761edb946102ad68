/**
 * The report of `check`, built from findings without an API: page sizes, cost estimates, verdicts, and the layout of
 * its tables.
 */
import { describe, expect, test } from 'vitest';
import type { AccountFound, PageFound, ProjectFound } from '../../../src/commands/check/probe.ts';
import { checkReport } from '../../../src/commands/check/report.ts';
import { cell, table } from '../../../src/commands/check/table.ts';
import { configFromText } from '../../../src/config/config.ts';
import { ExporterError } from '../../../src/domain/errors.ts';

async function found(
  name: string,
  page: Partial<PageFound>,
  yaml = '',
  history: ProjectFound['history'] = null,
): Promise<AccountFound> {
  const { accounts } = await configFromText('x', `accounts: [{ api_key: k, page_size: 50 ${yaml} }]`, {}, {});
  const [account] = accounts;
  if (account === undefined) throw new Error('no account');
  const whole: PageFound = {
    sessions: 50,
    invalid: 0,
    more: false,
    order: 'newest first',
    latencyMs: 12.4,
    active: 0,
    ...page,
  };
  const project = { id: 'id-1', name, organizationId: 'o', isDefault: false, createdAt: null };
  return { account, latencyMs: 7, discovered: 1, projects: [{ project, page: whole, history }] };
}

const report = (accounts: readonly AccountFound[], accounting: 'every_run' | 'last_run' = 'every_run') =>
  checkReport(accounts, accounting);

async function row(page: Partial<PageFound>, yaml = ''): Promise<string> {
  const { text } = report([await found('Bot', page, yaml)]);
  return text.split('\n').find((line) => line.startsWith('  Bot')) ?? '';
}

describe('the report of check', () => {
  test('tells whether the page size is honoured', async () => {
    expect(await row({})).toContain('50 was enough');
    expect(await row({ more: true })).toContain('50 honoured');
    expect(await row({ more: true, sessions: 20 })).toContain('no: 20 of 50');
    expect(await row({ more: true, sessions: 48, invalid: 2 })).toMatch(/48 \+ 2 invalid .* 50 honoured/);
    expect(await row({ sessions: 60 })).toContain('no: 60 for 50');
  });

  test('estimates requests and time at the limit', async () => {
    expect(await row({})).toMatch(/ 1 +no limit set$/);
    expect(await row({}, ', requests_per_minute: 20')).toMatch(/ 1 +3 s$/);
    expect(await row({ more: true }, ', requests_per_minute: 20')).toMatch(/2 or more \* +6 s or more \*$/);
    const { text } = report([await found('Bot', { more: true }, ', requests_per_minute: 4')]);
    expect(text).toContain('every 1,000 sessions take 20 requests, 5 min at 4 requests per minute.');
  });

  test('says what an order costs', async () => {
    const words = 'A list that is not newest first is read whole at every poll';
    expect(report([await found('Bot', { order: 'oldest first' })]).text).toContain(words);
    expect(report([await found('Bot', {})]).text).not.toContain(words);
  });

  test('treats an account without projects as failed', async () => {
    const account = { ...(await found('Bot', {})), discovered: 0, projects: [] };
    const { ok, text } = report([account]);
    expect(ok).toBe(false);
    expect(text).toContain('the key sees no project. Use a key of an organization that has projects');
  });

  test('joins message and fix in sentences', async () => {
    const error = new ExporterError('timeout', 'no answer within 30 s', 'Raise request_timeout.');
    const account = { ...(await found('Bot', {})), discovered: error, projects: [] };
    expect(report([account]).text).toMatch(
      /\n {2}account default\n {4}no answer within 30 s\. Raise request_timeout\.\n$/,
    );
  });
});

describe('the report on histories', () => {
  const HISTORY = { runs: 14, bytes: 87_040, latencyMs: 41.3 };
  const lineOf = (text: string, nth: number): string =>
    text.split('\n').filter((line) => line.startsWith('  Bot'))[nth] ?? '';

  test('tells what reading them costs', async () => {
    const { text, ok } = report([await found('Bot', { active: 12 }, '', HISTORY)]);
    expect(ok).toBe(true);
    expect(lineOf(text, 1)).toMatch(/^ {2}Bot +12 +2\.4 +14 +85 KiB +41 ms$/);
    expect(text).toContain('adds about 2.4 requests per minute at present');
    expect(text).toContain('With accounting: last_run it would add none, but');
  });

  test.each([
    [{ active: 50, more: true }, true],
    [{ active: 50, more: false }, false],
    [{ active: 3, more: true, order: 'neither' }, true],
    [{ active: 3, more: true }, false],
  ] as const)('is a lower bound where %o may hide active sessions: %s', async (page, isBound) => {
    const { text } = report([await found('Bot', page, '', HISTORY)]);
    expect(lineOf(text, 1).includes('or more')).toBe(isBound);
    expect(text.includes('adds at least')).toBe(isBound);
  });

  test('names the setting when they are forbidden', async () => {
    const error = new ExporterError('forbidden', '[GET] "u": 403 Forbidden', 'Set accounting: last_run.');
    const { text, ok } = report([await found('Bot', {}, '', error)]);
    expect(ok).toBe(false);
    expect(lineOf(text, 1)).toContain('FAILED: forbidden');
    expect(text).toContain(
      'project Bot (id-1), event history\n    [GET] "u": 403 Forbidden. Set accounting: last_run.\n',
    );
  });

  test('says where no session has run', async () => {
    expect(lineOf(report([await found('Bot', {})]).text, 1)).toMatch(/ 0 +0 +no run yet$/);
  });

  test('says what last_run leaves out', async () => {
    const { text } = report([await found('Bot', { active: 12 })], 'last_run');
    expect(text).toContain('of several runs of a session between two polls only the last counts.');
    expect(text).toContain('every_run would count them all, and add about 2.4 requests per minute at present.');
    expect(lineOf(text, 1)).toBe('');
  });
});

describe('tables', () => {
  test('cut and clean what comes from elsewhere', () => {
    expect(cell('\u001b[31mred\u001b[0m\nline\u0007')).toBe('red line');
    expect(cell('x'.repeat(100))).toBe(`${'x'.repeat(39)}…`);
  });

  test('align by what a terminal shows', () => {
    const columns = [
      { title: 'A', align: 'left' },
      { title: 'N', align: 'right' },
    ] as const;
    expect(
      table(columns, [
        ['🦙', '1'],
        ['日本', '22'],
        ['abcde', '333'],
      ]),
    ).toEqual(['A        N', '🦙       1', '日本    22', 'abcde  333']);
  });
});
