/** The import table: which room may import which other room, and which package. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

/** What the composition root may import. */
const ALL_ROOMS: readonly string[] = [
  'config',
  'domain',
  'llamacloud',
  'accounting',
  'state',
  'poller',
  'metrics',
  'status',
  'web',
  'log.ts',
  'clock.ts',
];

/** Which rooms a room may import; a room may always import itself. */
const ALLOWED: Record<string, readonly string[]> = {
  'main.ts': ['cli.ts', 'commands'],
  'cli.ts': ['commands', 'config', 'domain'],
  commands: ['app.ts', 'config', 'simulator', 'domain', 'log.ts', 'terminal.ts', 'clock.ts'],
  'app.ts': ['app', ...ALL_ROOMS],
  app: ALL_ROOMS,
  config: ['domain'],
  domain: [],
  llamacloud: ['domain'],
  accounting: ['domain'],
  state: ['domain'],
  poller: ['domain', 'accounting'],
  metrics: ['domain'],
  status: ['domain'],
  web: ['domain'],
  'log.ts': ['domain', 'terminal.ts'],
  'terminal.ts': [],
  'clock.ts': ['domain'],
  simulator: [],
};

/** The only rooms that may import a package. */
const PACKAGES: Record<string, readonly string[]> = {
  zod: ['config', 'llamacloud', 'simulator'],
  undici: ['llamacloud'],
  'prom-client': ['metrics'],
  'node:sqlite': ['state'],
  express: ['web', 'simulator'],
  pino: ['log.ts'],
  'pino-pretty': ['log.ts'],
  yaml: ['config'],
  picomatch: ['config'],
  commander: ['cli.ts', 'commands'],
};

const root = path.resolve(import.meta.dirname, '../../src');
const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
const roomOf = (file: string): string => file.split(path.sep)[0] as string;

/** Every module that a file imports, statically or dynamically. */
function importsOf(file: string): readonly string[] {
  const text = readFileSync(path.join(root, file), 'utf8');
  const found = text.matchAll(/(?:\bfrom\s+|\bimport\s*\(\s*|^import\s+)'([^']+)'/gm);
  return [...found].map((match) => match[1] as string);
}

describe('import table of the rooms', () => {
  it('finds the source files', () => {
    expect(files.length).toBeGreaterThan(20);
  });

  it('names every room', () => {
    expect([...new Set(files.map(roomOf))].filter((room) => !(room in ALLOWED))).toEqual([]);
  });

  it.each(files)('%s imports only allowed rooms', (file) => {
    const room = roomOf(file);
    const wrong = importsOf(file)
      .filter((target) => target.startsWith('.'))
      .map((target) => roomOf(path.relative(root, path.resolve(root, path.dirname(file), target))))
      .filter((target) => target !== room && !(ALLOWED[room] ?? []).includes(target));
    expect(wrong).toEqual([]);
  });

  it.each(files)('%s imports packages of its room', (file) => {
    const wrong = importsOf(file).filter(
      (target) => PACKAGES[target] !== undefined && !PACKAGES[target].includes(roomOf(file)),
    );
    expect(wrong).toEqual([]);
  });

  it('keeps the environment in one file', () => {
    const readers = files.filter((file) =>
      /process\.env\b/.test(readFileSync(path.join(root, file), 'utf8').replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')),
    );
    expect(readers.filter((file) => !file.startsWith(`config${path.sep}`))).toEqual([]);
    expect(readers.length).toBeLessThanOrEqual(1);
  });
});
