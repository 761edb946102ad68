/** Links between documents lead to files and headings that exist, and every page of docs/ is in its index. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { anchorsOf, linksOf } from './links.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const read = (file: string): string => readFileSync(path.join(ROOT, file), 'utf8');
const FOLDERS = ['docs', 'deploy', 'grafana', 'prometheus', 'alertmanager', 'examples'];
const inFolders = FOLDERS.flatMap((folder) =>
  readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((name) => `${folder}/${name}`),
);
const documents = [...readdirSync(ROOT), ...inFolders].filter((file) => file.endsWith('.md'));
const links = documents.flatMap((file) => linksOf(file, read(file)));

describe('links between documents', () => {
  it('are found', () => {
    expect(documents.length).toBeGreaterThan(20);
    expect(links.length).toBeGreaterThan(100);
  });

  it('lead to files that exist', () => {
    const dead = links.filter(({ file }) => !existsSync(path.join(ROOT, file)));
    expect(dead.map(({ from, file }) => `${from} -> ${file}`)).toEqual([]);
  });

  it('lead to headings that exist', () => {
    const dead = links.filter(
      ({ file, anchor }) => anchor !== '' && file.endsWith('.md') && !anchorsOf(read(file)).includes(anchor),
    );
    expect(dead.map(({ from, file, anchor }) => `${from} -> ${file}#${anchor}`)).toEqual([]);
  });

  it('reach every page of docs/ from its index', () => {
    const index = linksOf('docs/README.md', read('docs/README.md')).map(({ file }) => file);
    const pages = readdirSync(path.join(ROOT, 'docs')).filter((name) => name.endsWith('.md') && name !== 'README.md');
    expect(pages.filter((name) => !index.includes(`docs/${name}`))).toEqual([]);
  });
});
