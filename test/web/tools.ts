/** Runs programs of the machine beside the server under test. */
import { execFile } from 'node:child_process';

export { tool } from '../support/tools.ts';

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
