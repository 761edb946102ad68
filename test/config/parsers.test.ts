/** Parsers of single values: durations, listen addresses, URLs, and the suggestion for a misspelled name. */
import { assert, nat, property } from 'fast-check';
import { describe, expect, test } from 'vitest';

import { formatListenAddress, parseBaseUrl, parseListenAddress } from '../../src/config/addresses.ts';
import { found } from '../../src/config/problems.ts';
import { isStateUrl } from '../../src/config/state-url.ts';
import { nearest } from '../../src/config/suggest.ts';
import { formatDuration, parseDuration } from '../../src/domain/duration.ts';

describe('durations', () => {
  test.each([
    ['0', 0],
    ['0s', 0],
    ['30s', 30_000],
    ['5m', 300_000],
    ['1h30m', 5_400_000],
    ['1d', 86_400_000],
    ['2w', 1_209_600_000],
    ['1y', 31_536_000_000],
    ['1m500ms', 60_500],
    ['90m', 5_400_000],
  ])('%s is read', (text, ms) => expect(parseDuration(text)).toBe(ms));

  test.each(['', '5', '5 m', ' 5m', '5m ', '-5m', '1.5h', '30m1h', '5M', '1h1h', 's', '5min', '1e3s', '１s'])(
    '%j is none',
    (text) => expect(parseDuration(text)).toBeNull(),
  );

  test('are written so that they read the same', () => {
    assert(property(nat(10 ** 10), (ms) => parseDuration(formatDuration(ms)) === ms));
  });
});

describe('listen addresses', () => {
  test.each([
    [':10940', { host: null, port: 10_940 }],
    ['localhost:0', { host: 'localhost', port: 0 }],
    ['0.0.0.0:80', { host: '0.0.0.0', port: 80 }],
    ['[::1]:9', { host: '::1', port: 9 }],
    ['[::]:9', { host: '::', port: 9 }],
    ['my-host.example.org:65535', { host: 'my-host.example.org', port: 65_535 }],
  ])('%s is read and written', (text, address) => {
    expect(parseListenAddress(text)).toEqual(address);
    expect(formatListenAddress(address)).toBe(text);
  });

  test.each(['', ':', '9', 'host', '::1:9', '[x]:9', '[]:9', ':65536', ':-1', 'a b:9', 'http://x:9', 'x:9/', '-x:1'])(
    '%j is none',
    (text) => expect(parseListenAddress(text)).toBeNull(),
  );
});

describe('URLs', () => {
  test.each(['sqlite:a.db', 'sqlite:/var/a.db', 'sqlite::memory:', 'sqlite:../a b.db'])('%s is a state', (url) =>
    expect(isStateUrl(url)).toBe(true),
  );
  test.each(['', 'a.db', 'sqlite:', 'sqlite://a.db', 'sqlite:a\0b', 'SQLITE:a', 'postgresql://x'])(
    '%j is no state',
    (url) => expect(isStateUrl(url)).toBe(false),
  );
  test.each(['', 'x', '//x', 'https://', 'file:///x', 'https://a@x', 'https://x#f', 'https://x?', 'https://x:99999'])(
    '%j is no base URL',
    (url) => expect(parseBaseUrl(url)).toBeNull(),
  );
  test('a base URL may have a prefix', () => expect(parseBaseUrl('https://x/llama//')?.url).toBe('https://x/llama'));
});

describe('words of messages', () => {
  test('show long values shortened', () => expect(found('x'.repeat(1000))).toHaveLength(65));
  test('never show what stands before an at', () => expect(found('https://u:hush@h/x')).toBe('"https://***@h/x"'));
  test('suggest only what is near', () => {
    expect(nearest('intervall', ['interval', 'stale_after'])).toBe('interval');
    expect(nearest('web', ['accounts', 'prices'])).toBeNull();
  });
});
