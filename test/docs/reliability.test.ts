/** Every promise in docs/reliability.md names a test that exists. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const root = new URL('../../', import.meta.url);
const page = readFileSync(new URL('docs/reliability.md', root), 'utf8');
const shown = [...page.matchAll(/\]\(\.\.\/(test\/[\w./-]+)\): `([^`]+)`/g)].map(([, file = '', name = '']) => [
  file,
  name,
]);

describe('docs/reliability.md', () => {
  it('names a test in every row', () => {
    const rows = page.split('\n').filter((line) => line.startsWith('| ') && !/^\| (---|what happens)/.test(line));
    expect(rows.length).toBeGreaterThan(40);
    expect(rows.filter((row) => !row.includes('](../test/'))).toEqual([]);
  });

  it.each(shown)('finds in %s the test %j', (file = '', name = '') => {
    expect(readFileSync(new URL(file, root), 'utf8')).toContain(name);
  });
});
