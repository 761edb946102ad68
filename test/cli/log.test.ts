/** Log lines: their format, their level, and the secrets they must never contain. */
import { beforeEach, describe, expect, test } from 'vitest';

import { ExporterError } from '../../src/domain/errors.ts';
import { asWord, createLogger, redact } from '../../src/log.ts';

const SECRET = 'llx-very-secret-key';
const lines: string[] = [];
const stream = { write: (line: string) => void lines.push(line) };

beforeEach(() => {
  lines.length = 0;
  redact(SECRET);
});

function last(): Record<string, unknown> {
  return JSON.parse(lines.at(-1) ?? '{}') as Record<string, unknown>;
}

describe('the log', () => {
  test('is one JSON object per line', () => {
    createLogger({ level: 'info', format: 'json' }, stream).warn('Poll failed', { project: 'a', pages: 3 });
    expect(lines.at(-1)).toMatch(/^\{.*\}\n$/);
    expect(last()).toEqual({
      level: 'warn',
      time: expect.stringMatching(/^\d{4}-.*Z$/) as string,
      msg: 'Poll failed',
      project: 'a',
      pages: 3,
    });
  });

  test('leaves out what is below its level', () => {
    const logger = createLogger({ level: 'warn', format: 'json' }, stream);
    logger.debug('a');
    logger.info('b');
    logger.warn('c');
    logger.error('d');
    expect(lines).toHaveLength(2);
  });

  test('never holds a registered secret', () => {
    const logger = createLogger({ level: 'debug', format: 'json' }, stream);
    const cause = new Error(`inner ${SECRET}`);
    logger.error(`got ${SECRET}`, {
      url: `https://x/?k=${SECRET}`,
      nested: { list: [[`a ${SECRET}`]], [SECRET]: 1 },
      error: new ExporterError('timeout', SECRET, `drop ${SECRET}`, cause),
      plain: new TypeError(SECRET),
    });
    expect(lines.join('')).not.toContain(SECRET);
    expect(lines.join('').match(/\[hidden\]/g)?.length).toBeGreaterThan(6);
  });

  test('hides fields that are named like secrets', () => {
    const logger = createLogger({ level: 'info', format: 'json' }, stream);
    logger.info('x', {
      apiKey: 'k1',
      api_key: 'k2',
      headers: { Authorization: 'k3', 'x-api-key': 'k4' },
      password: 'k5',
    });
    expect(lines.join('')).not.toMatch(/k[1-5]/);
    logger.info('x', { header: 'Bearer abcdefgh12345678' });
    expect(last()['header']).toBe('Bearer [hidden]');
  });

  test('shows stacks of foreign errors on debug only', () => {
    const error = new TypeError('bug');
    createLogger({ level: 'info', format: 'json' }, stream).error('x', { error });
    expect(last()['error']).toEqual({ message: 'bug' });
    createLogger({ level: 'debug', format: 'json' }, stream).error('x', { error });
    expect(last()['error']).toMatchObject({ message: 'bug', stack: expect.stringContaining('log.test.ts') as string });
    const known = new ExporterError('timeout', 'slow', 'wait', error);
    createLogger({ level: 'debug', format: 'json' }, stream).error('x', { error: known });
    expect(last()['error']).toEqual({ message: 'slow', code: 'timeout', fix: 'wait', cause: { message: 'bug' } });
  });

  test('survives what cannot be written', () => {
    const loop: Record<string, unknown> = { big: 10n, none: undefined, fn: () => 1 };
    loop['self'] = loop;
    createLogger({ level: 'info', format: 'json' }, stream).info('x', loop);
    expect(last()).toMatchObject({ msg: 'x', big: '10' });
  });
});

describe('a value in a line for people', () => {
  test.each([
    ['Support', 'Support'],
    ['Customer Support', '"Customer Support"'],
    ['', '""'],
    ['客服 🙂', '"客服 🙂"'],
    ['\u{1f469}\u200d\u{1f4bb}', '"\u{1f469}\u200d\u{1f4bb}"'],
    ['\u001b[31mred', String.raw`"\u001b[31mred"`],
    ['\u009b31mred', String.raw`"\u009b31mred"`],
    ['a\u202eb', String.raw`"a\u202eb"`],
    ['a\u2028b', String.raw`"a\u2028b"`],
  ])('%j is written as %j, so that a terminal obeys none of it', (value, word) => {
    expect(asWord(value)).toBe(word);
  });
});
