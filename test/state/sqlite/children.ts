/** Starting `child.ts` and reading its lines. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface, type Interface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

const CHILD = fileURLToPath(new URL('child.ts', import.meta.url));

export class Child {
  readonly process: ChildProcess;
  readonly lines: string[] = [];
  readonly #reader: Interface;
  #read = 0;

  /** `before`: shell commands that run in the process before Node takes its place. `more`: further arguments. */
  constructor(mode: 'hold' | 'write' | 'fill' | 'open', path: string, before = '', ...more: string[]) {
    const script = `${before} exec "$0" "$@"`;
    const command = ['-c', script, process.execPath, CHILD, mode, path, ...more];
    this.process = spawn('bash', command, { stdio: ['pipe', 'pipe', 'inherit'] });
    if (this.process.stdout === null) throw new Error('no standard output');
    this.#reader = createInterface(this.process.stdout).on('line', (line) => void this.lines.push(line));
    onTestFinished(() => this.kill());
  }

  get last(): string {
    return this.lines.at(-1) ?? '';
  }

  /** The next line that fits, after those that were answered before. */
  async until(fits: (line: string) => boolean): Promise<string> {
    for (;;) {
      while (this.#read < this.lines.length) {
        const line = this.lines[this.#read++] ?? '';
        if (fits(line)) return line;
      }
      await once(this.#reader, 'line', { signal: AbortSignal.timeout(20_000) });
    }
  }

  /** SIGKILL, and until it is gone. */
  async kill(): Promise<void> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    this.process.kill('SIGKILL');
    await this.ended();
  }

  /** Resolves once it is gone and all its lines are read. */
  async ended(): Promise<void> {
    if (this.process.exitCode === null && this.process.signalCode === null) await once(this.process, 'close');
  }
}
