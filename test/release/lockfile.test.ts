/** What is published can be built again: exact versions, and nobody's machine or registry in the lockfile. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { npm, ROOT, reasonToSkip } from './npm.ts';

type Entry = {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly dev?: boolean;
  readonly hasInstallScript?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
};

const read = (name: string): string => readFileSync(path.join(ROOT, name), 'utf8');
const lock = JSON.parse(read('package-lock.json')) as { packages: Record<string, Entry> };
const manifest = JSON.parse(read('package.json')) as Required<Pick<Entry, 'dependencies' | 'devDependencies'>>;
const others = Object.entries(lock.packages).filter(([name]) => name !== '');

describe('the lockfile', () => {
  test('names no host', () => {
    expect(others.length).toBeGreaterThan(100);
    expect(others.filter(([, entry]) => entry.resolved !== undefined)).toEqual([]);
  });

  test('pins every package by its content', () => {
    const loose = others.filter(
      ([, { version, integrity }]) => version === undefined || !integrity?.startsWith('sha512-'),
    );
    expect(loose.map(([name]) => name)).toEqual([]);
  });

  test('holds the exact versions of package.json', () => {
    const direct = { ...manifest.dependencies, ...manifest.devDependencies };
    expect(Object.values(direct).filter((version) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
    const locked = Object.keys(direct).map((name) => [name, lock.packages[`node_modules/${name}`]?.version]);
    expect(Object.fromEntries(locked)).toEqual(direct);
    const { dependencies, devDependencies } = lock.packages[''] ?? {};
    expect({ dependencies, devDependencies }).toEqual({
      dependencies: manifest.dependencies,
      devDependencies: manifest.devDependencies,
    });
  });

  test('runs no script of a package at install, but that of Node', () => {
    const scripts = others.filter(([, entry]) => entry.hasInstallScript === true);
    expect(scripts.map(([name, { dev }]) => [name, dev])).toEqual([['node_modules/node', true]]);
  });
});

describe('tracked files', () => {
  /** The host of a registry that is not the public one, as this machine is set up. */
  function privateRegistry(): readonly string[] {
    const host = URL.parse(npm(['config', 'get', 'registry'], ROOT).stdout.trim())?.host;
    return host === undefined || host === 'registry.npmjs.org' ? [] : [host];
  }

  test('name no machine and no registry', (context) => {
    const { status, stdout } = spawnSync('git', ['ls-files', '-z'], { cwd: ROOT, encoding: 'utf8' });
    if (status !== 0) context.skip(reasonToSkip('this is no git checkout'));
    // root's home is the same everywhere, and the Dockerfile speaks of the image's own.
    const homes = homedir() === '/root' ? [] : [`${homedir()}/`];
    const machine = [ROOT, ...homes, ['', 'work', ''].join('/'), ['', 'opt', 'tools'].join('/'), ...privateRegistry()];
    const files = stdout.split('\0').filter((name) => name !== '' && !/\.(png|ico|gz)$/.test(name));
    expect(files.length).toBeGreaterThan(300);
    const hits = files.flatMap((name) => {
      const text = read(name);
      return machine.filter((word) => text.includes(word)).map((word) => `${name}: ${word}`);
    });
    expect(hits).toEqual([]);
  });
});
