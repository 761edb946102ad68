/** `promtool check metrics`, where it is installed: named by PROMTOOL, else on the PATH. CI must have it. */

import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Path of promtool, or null where there is none and CI is not set. */
export function findPromtool(): string | null {
  const places = (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, 'promtool'));
  const found = [process.env['PROMTOOL'] ?? '', ...places].find(isExecutable);
  if (found !== undefined) return found;
  if (process.env['CI']) throw new Error('promtool is not installed; set PROMTOOL to its path');
  process.stderr.write('promtool is not installed: its check of the metrics is left out. Set PROMTOOL to its path.\n');
  return null;
}

function isExecutable(path: string): boolean {
  if (path === '') return false;
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** What promtool says about a text exposition: empty when it has nothing to say. Throws when it cannot be run. */
export function checkMetrics(promtool: string, text: string): string {
  const { stdout, stderr, error } = spawnSync(promtool, ['check', 'metrics'], { input: text, encoding: 'utf8' });
  if (error !== undefined) throw error;
  return stdout + stderr;
}
