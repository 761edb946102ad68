/** Runs the real program in a process of its own, with an environment that holds nothing of ours. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export type Ended = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

export type Running = {
  readonly child: ChildProcess;
  /** Resolves once stdout or stderr matches; rejects when the process ends before. */
  said(pattern: RegExp): Promise<RegExpExecArray>;
  readonly ended: Promise<Ended>;
};

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

export const scratch = (): string => mkdtempSync(join(tmpdir(), 'cli-'));

export type Setting = {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly entry?: string;
};

/** Starts it; `entry` is another script in place of main.ts. */
export function start(args: readonly string[], { env = {}, cwd = tmpdir(), entry = MAIN }: Setting = {}): Running {
  const child = spawn(process.execPath, [entry, ...args], {
    env: { PATH: process.env['PATH'] ?? '', ...env },
    cwd,
  });
  const output = { stdout: '', stderr: '' };
  const listeners = new Set<() => void>();
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      output[name] += text;
      for (const listener of listeners) listener();
    });
  }
  const ended = new Promise<Ended>((resolve) => {
    child.on('close', (code) => resolve({ code, ...output }));
  });
  const said = (pattern: RegExp): Promise<RegExpExecArray> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const match = pattern.exec(output.stdout) ?? pattern.exec(output.stderr);
        if (match !== null) resolve(match);
      };
      listeners.add(look);
      look();
      void ended.then((end) => reject(new Error(`ended before it said ${pattern}: ${JSON.stringify(end)}`)));
    });
  return { child, said, ended };
}

/** Runs it to its end. */
export function run(args: readonly string[], setting: Setting = {}): Promise<Ended> {
  return start(args, setting).ended;
}

/** Lines of a stack trace. */
export const STACK = /^\s+at .*(:\d+:\d+|node:)/m;
