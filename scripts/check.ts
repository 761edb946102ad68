/** `npm run check`: types, lint, format, dead code, import table, generated files. Runs all of them, and fails if any does. */
import { spawnSync } from 'node:child_process';

const STEPS: readonly (readonly [name: string, command: string, ...args: string[]])[] = [
  ['types', 'tsc', '--noEmit', '-p', '.'],
  ['lint', 'oxlint', '--deny-warnings'],
  ['format', 'biome', 'check', '.'],
  ['dead code', 'knip'],
  ['import table', 'vitest', 'run', 'test/architecture'],
  ['generated files', 'node', 'scripts/generate.ts', '--check'],
];

const failed: string[] = [];
for (const [name, command, ...args] of STEPS) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8' });
  const ok = status === 0;
  process.stdout.write(`${ok ? 'ok    ' : 'FAILED'} ${name}\n`);
  if (ok) continue;
  failed.push(name);
  process.stdout.write(`${error?.message ?? ''}${stdout}${stderr}\n`);
}
process.stdout.write(failed.length === 0 ? 'all checks passed\n' : `failed: ${failed.join(', ')}\n`);
process.exitCode = failed.length === 0 ? 0 : 1;
