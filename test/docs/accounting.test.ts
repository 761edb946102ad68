/** Every citation of docs/accounting.md names a section that exists, and the links within the page work. */
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { CATALOG } from '../../src/metrics/catalog.ts';

const root = path.resolve(import.meta.dirname, '../..');
const page = readFileSync(path.join(root, 'docs/accounting.md'), 'utf8');
const headings = [...page.matchAll(/^#+ (.+)$/gm)].map(([, title = '']) => title);

/** As GitHub makes them of headings. */
const anchorOf = (title: string): string =>
  title
    .toLowerCase()
    .replaceAll(/[^\w -]/g, '')
    .replaceAll(' ', '-');

/** `P1: Never too much` is cited as P1, `Figures` as it is. */
const cited = new Set(headings.map((title) => /^([PLH]\d): /.exec(title)?.[1] ?? title));

/** Every `docs/accounting.md, SECTION and SECTION` of the code, with its file. */
const citations = globSync('{src,test,scripts,grafana/src,prometheus/src}/**/*.ts', { cwd: root }).flatMap((file) =>
  [...readFileSync(path.join(root, file), 'utf8').matchAll(/docs\/accounting\.md, ((?:\w+(?:, | to | and )?)+)/g)].map(
    ([, sections = '']) => [file, sections] as const,
  ),
);

describe('docs/accounting.md', () => {
  it('has every rule', () => {
    const rules = ['P1', 'P2', 'P3', 'P4', ...rangeOf('L'), ...rangeOf('H')];
    expect([...rules, 'Figures', 'Times', 'Gauges'].filter((rule) => !cited.has(rule))).toEqual([]);
  });

  it('has every section that is cited', () => {
    const names = citations.flatMap(([file, text]) =>
      text
        .split(/, | to | and /)
        .filter((name) => /^([PLH]\d|[A-Z][a-z]+)$/.test(name))
        .map((name) => ({ file, name })),
    );
    expect(names.length).toBeGreaterThan(5);
    expect(names.filter(({ name }) => !cited.has(name))).toEqual([]);
  });

  it('has no link that leads nowhere', () => {
    const anchors = headings.map(anchorOf);
    const links = [...page.matchAll(/\]\(#([^)]+)\)/g)].map(([, anchor = '']) => anchor);
    expect(links.length).toBeGreaterThan(10);
    expect(links.filter((anchor) => !anchors.includes(anchor))).toEqual([]);
  });

  it('names only metrics that exist', () => {
    const names = CATALOG.map(({ name }) => name);
    const used = [...page.matchAll(/\bllamacloud_(?:chat|exporter|project)_\w+/g)].map(([name]) => name);
    expect(used.length).toBeGreaterThan(5);
    expect(used.filter((name) => !names.includes(name))).toEqual([]);
  });
});

function rangeOf(letter: string): string[] {
  return Array.from({ length: 8 }, (_, i) => `${letter}${i + 1}`);
}
