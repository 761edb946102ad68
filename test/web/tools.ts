/** Programs of the machine that some tests need. Where one is missing the test is left out with its reason; in CI it fails. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { TestContext } from 'vitest';

/** Path of a program: from the variable named, else from PATH, else from `elsewhere`; null: not installed. */
function find(name: string, variable: string, elsewhere: readonly string[]): string | null {
  const named = process.env[variable];
  const folders = (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, name));
  return [...(named ? [named] : []), ...folders, ...elsewhere].find((path) => existsSync(path)) ?? null;
}

const TOOLS = {
  chromium: ['CHROMIUM', []],
  prometheus: ['PROMETHEUS', ['/opt/tools/servers/bin/prometheus']],
  openssl: ['OPENSSL', []],
  curl: ['CURL', []],
  htpasswd: ['HTPASSWD', []],
} as const;

/** The program's path, or the end of this test. */
export function tool(context: TestContext, name: keyof typeof TOOLS): string {
  const [variable, elsewhere] = TOOLS[name];
  const path = find(name, variable, elsewhere);
  if (path !== null) return path;
  const reason = `${name} is not installed (PATH or ${variable})`;
  if (process.env['CI'] === 'true') throw new Error(reason);
  process.stdout.write(`left out: ${context.task.name}: ${reason}\n`);
  context.skip(reason);
  throw new Error('unreachable');
}

/** Runs a program to its end and answers what it wrote to both outputs; rejects when it fails, unless `mayFail`. */
export function run(program: string, args: readonly string[], mayFail = false): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = execFile(program, args, { timeout: 10_000 }, (error, stdout, stderr) => {
      if (error !== null && !mayFail) reject(error);
      else resolve(stdout + stderr);
    });
    child.stdin?.end();
  });
}
