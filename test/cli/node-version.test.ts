/** On a Node that is too old, the built program prints one sentence and no stack trace. */
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';

import { oldNode } from '../support/tools.ts';
import { scratch } from './program.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

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
