/** The format and encoding chosen for each Accept header that Prometheus and browsers send. */
import { describe, expect, it } from 'vitest';

import { acceptsGzip, formatFor, remembering } from '../../src/web/scrape/negotiate.ts';

/** What Prometheus 2.30, 2.50 and 3.5 send. */
const PROMETHEUS_2_30 = 'application/openmetrics-text; version=0.0.1,text/plain;version=0.0.4;q=0.5,*/*;q=0.1';
const PROMETHEUS_2_50 =
  'application/openmetrics-text;version=1.0.0;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2';
const PROMETHEUS_3_5 =
  'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2';
const TEXT_ONLY = 'text/plain;version=1.0.0;escaping=allow-utf-8;q=0.6,text/plain;version=0.0.4;q=0.5,*/*;q=0.2';
const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8';

describe('format of a scrape', () => {
  it.each([
    [undefined, 'text'],
    ['', 'text'],
    ['*/*', 'text'],
    [BROWSER, 'text'],
    [TEXT_ONLY, 'text'],
    [PROMETHEUS_2_30, 'openmetrics'],
    [PROMETHEUS_2_50, 'openmetrics'],
    [PROMETHEUS_3_5, 'openmetrics'],
    ['application/openmetrics-text', 'openmetrics'],
    ['Application/OpenMetrics-Text; Version="1.0.0"', 'openmetrics'],
    ['application/openmetrics-text;version=2.0.0', 'text'],
    ['application/openmetrics-text;q=0', 'text'],
    ['application/openmetrics-text;q=0.3, text/plain;q=0.7', 'text'],
    ['text/plain;q=0.2, application/openmetrics-text;q=0.21', 'openmetrics'],
    ['application/openmetrics-text;q=2', 'text'],
    ['image/png', 'text'],
  ])('for %s is %s', (accept, format) => {
    expect(formatFor(accept)).toBe(format);
  });
});

describe('gzip', () => {
  it.each([
    [undefined, false],
    ['', false],
    ['gzip', true],
    ['GZIP', true],
    ['x-gzip', true],
    ['deflate, br', false],
    ['gzip;q=0', false],
    ['gzip;q=0.5, identity;q=0.9', false],
    ['gzip;q=0.9, identity;q=0.5', true],
    ['*', true],
    ['*;q=0', false],
    ['gzip;q=0, *', false],
    ['br;q=1.0, gzip;q=0.8, *;q=0.1', true],
  ])('accepted by %s: %s', (header, accepted) => {
    expect(acceptsGzip(header)).toBe(accepted);
  });
});

describe('remembered decisions', () => {
  it('are made once for each header', () => {
    const asked: (string | undefined)[] = [];
    const decide = remembering((header) => asked.push(header));
    expect([decide('a'), decide('b'), decide('a')]).toEqual([1, 2, 1]);
    expect(asked).toEqual(['a', 'b']);
  });

  it('stay bounded under random headers', () => {
    let made = 0;
    const decide = remembering(() => ++made, 3);
    for (const header of ['a', 'b', 'c', 'd', 'a']) decide(header);
    expect(made).toBe(5);
  });
});
