/** `promtool check metrics`, where it is installed. CI must have it. */
import { spawnSync } from 'node:child_process';

/** What promtool says about a text exposition: empty when it has nothing to say. Throws when it cannot be run. */
export function checkMetrics(promtool: string, text: string): string {
  const { stdout, stderr, error } = spawnSync(promtool, ['check', 'metrics'], { input: text, encoding: 'utf8' });
  if (error !== undefined) throw error;
  return stdout + stderr;
}
