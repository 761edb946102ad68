/** The files and functions that docs/architecture.md and CONTRIBUTING.md name exist. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = path.resolve(import.meta.dirname, '../..');
const read = (file: string): string => readFileSync(path.join(ROOT, file), 'utf8');
const architecture = read('docs/architecture.md');
const contributing = read('CONTRIBUTING.md');

/** `file`, `function` at the end of a row or within a sentence. */
const STEPS = [...architecture.matchAll(/`([a-z][\w/-]*\/[\w-]+\.ts)`(?: \||,) `(#?\w+)`/g)].map(
  ([, file = '', name = '']) => [file, name] as const,
);

/** Paths in backticks with a folder: of sources below src/, of all else below the root. */
const paths = (text: string): readonly string[] => [
  ...new Set([...text.matchAll(/`([\w.-]+\/[\w./-]*)`/g)].map(([, found = '']) => found)),
];
const isThere = (file: string): boolean => ['', 'src'].some((folder) => existsSync(path.join(ROOT, folder, file)));

describe('docs/architecture.md', () => {
  it('walks through the code step by step', () => {
    expect(STEPS.length).toBeGreaterThan(35);
  });

  it.each(STEPS)('names what is in %s: %s', (file, name) => {
    const declared = `^(?:export )?(?:async )?(?:function|const) ${name}\\b|^  (?:async )?${name}[<(]|^  get ${name}\\(`;
    expect(read(`src/${file}`)).toMatch(new RegExp(declared, 'm'));
  });

  it('names files and folders that exist, as CONTRIBUTING.md does', () => {
    expect([...paths(architecture), ...paths(contributing)].filter((file) => !isThere(file))).toEqual([]);
  });
});
