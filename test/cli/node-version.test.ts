/** The built program on a Node that is too old: a sentence, no stack trace. */
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';

import { scratch } from './program.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

function major(node: string): number {
  return Number(spawnSync(node, ['-p', 'process.versions.node'], { encoding: 'utf8' }).stdout.split('.')[0]);
}

/** A Node below 26 on the PATH; null where there is none. */
function oldNode(): string | null {
  const candidates = (process.env['PATH'] ?? '').split(delimiter).map((directory) => join(directory, 'node'));
  return candidates.filter(existsSync).find((node) => major(node) < 26) ?? null;
}

let main: string;

beforeAll(() => {
  const directory = scratch();
  const out = join(directory, 'dist');
  mkdirSync(out);
  execFileSync(process.execPath, [
    join(ROOT, 'node_modules/typescript/bin/tsc'),
    '-p',
    join(ROOT, 'tsconfig.build.json'),
    '--outDir',
    out,
  ]);
  copyFileSync(join(ROOT, 'package.json'), join(directory, 'package.json'));
  symlinkSync(join(ROOT, 'node_modules'), join(directory, 'node_modules'));
  main = join(out, 'main.js');
});

describe('the built program', () => {
  test('runs on this Node', () => {
    const { status, stdout } = spawnSync(process.execPath, [main, '--version'], { encoding: 'utf8' });
    expect({ status, first: stdout.split(' ')[0] }).toEqual({ status: 0, first: 'llamacloud-exporter,' });
  });

  test('tells an old Node which one it needs', (context) => {
    const node = oldNode() ?? context.skip('there is no Node below 26 on the PATH to try');
    for (const args of [[], ['--help'], ['check']]) {
      const { status, stdout, stderr } = spawnSync(node, [main, ...args], { encoding: 'utf8' });
      expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
      expect(stderr).toMatch(/^llamacloud-exporter needs Node 26 or newer, and this is Node \d+\.\d+\.\d+: .*\n$/);
    }
  });
});
