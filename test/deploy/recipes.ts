/** The recipes of the documents: blocks of shell under a heading, run literally with stand-ins for what a test machine lacks. */
import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const ROOT = join(import.meta.dirname, '../..');

/** The shell blocks below a heading of a document, joined. An error where there is none. */
export function recipe(file: string, heading: string): string {
  const section = readFileSync(join(ROOT, file), 'utf8').split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  const blocks = [...section.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map((match) => match[1] ?? '');
  if (blocks.length === 0) throw new Error(`${file} has no recipe under ${heading}`);
  return blocks.join('');
}

/** A machine of its own: an empty folder, and programs that stand in for real ones. */
export class Machine {
  readonly folder = mkdtempSync(join(tmpdir(), 'recipe-'));
  readonly #bin = join(this.folder, 'bin');
  readonly calls = join(this.folder, 'calls');

  constructor() {
    mkdirSync(this.#bin);
    writeFileSync(this.calls, '');
    writeFileSync(join(this.folder, 'key'), 'llx-recipe\n');
  }

  /** A stand-in: its calls are recorded, then `body` runs. */
  program(name: string, body: string): this {
    const file = join(this.#bin, name);
    writeFileSync(file, `#!/bin/sh\necho "${name} $*" >>"${this.calls}"\n${body}\n`);
    chmodSync(file, 0o755);
    return this;
  }

  /** Runs a recipe in `cwd`. Rejects, with what it wrote, when one of its commands fails. */
  async run(text: string, cwd = this.folder): Promise<string> {
    const env = { PATH: `${this.#bin}:${process.env['PATH'] ?? ''}`, HOME: this.folder };
    const { stdout } = await promisify(execFile)('bash', ['-euo', 'pipefail', '-c', text], {
      cwd,
      env,
      maxBuffer: 1 << 26,
    });
    return stdout;
  }

  /** The calls of stand-ins, in order. */
  called(): readonly string[] {
    return readFileSync(this.calls, 'utf8').trimEnd().split('\n');
  }
}
