/** Child processes of the benchmark: on this Node, ended with it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

const ROOT = path.resolve(import.meta.dirname, '../..');

const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** Notes a child, so that it does not outlive the benchmark. */
export function keep<T extends ChildProcess>(child: T): T {
  running.add(child);
  child.once('exit', () => running.delete(child));
  return child;
}

/** Starts a script, named by its path in this repository; standard input and output are pipes. */
export function startScript(script: string, args: readonly string[]) {
  return keep(spawn(process.execPath, [path.join(ROOT, script), ...args], { stdio: ['pipe', 'pipe', 'inherit'] }));
}

/** The first line that the script prints. */
export async function firstLine(child: ReturnType<typeof startScript>): Promise<string> {
  let text = '';
  for await (const chunk of child.stdout.iterator({ destroyOnReturn: false })) {
    text += String(chunk);
    if (text.includes('\n')) return text.slice(0, text.indexOf('\n'));
  }
  throw new Error(`${child.spawnargs[1]} ended before it printed a line`);
}

/** Runs a script to its end and answers the JSON that it prints. */
export async function runScript<T>(script: string, args: readonly string[]): Promise<T> {
  const child = startScript(script, args);
  let text = '';
  child.stdout.on('data', (chunk) => {
    text += String(chunk);
  });
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`${script} ended with ${code}`);
  return JSON.parse(text) as T;
}

/** Ends a script that reads its standard input. */
export async function endScript(child: ReturnType<typeof startScript>): Promise<void> {
  const ended = once(child, 'exit');
  child.stdin.end();
  await ended;
}
