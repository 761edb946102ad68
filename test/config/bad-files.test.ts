/** Every bad file in fixtures/ is refused with the whole message that its `# says:` lines give; FILE stands for its path, DIR for its directory. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

import { loadConfig } from '../../src/config/config.ts';
import { ExporterError } from '../../src/domain/errors.ts';

const DIR = fileURLToPath(new URL('fixtures', import.meta.url));
const FILES = readdirSync(DIR).filter((name) => name.endsWith('.bad.yml'));

async function failure(path: string): Promise<ExporterError> {
  const error = await loadConfig({ 'config.file': path }, { HOME: '/home/x' }).catch((e: unknown) => e);
  if (!(error instanceof ExporterError)) throw new Error(`${path} was taken`, { cause: error });
  return error;
}

function wanted(path: string): string {
  const says = [...readFileSync(path, 'utf8').matchAll(/^# says: (.*)$/gm)].map((match) => match[1] ?? '');
  const lines = says.map((line) => line.replace(/^FILE/, path).replaceAll('DIR', DIR));
  return lines.length === 1
    ? (lines[0] ?? '')
    : `${lines.length} problems in the configuration:${lines.map((l) => `\n  - ${l}`).join('')}`;
}

describe('a bad configuration file', () => {
  test('has a fixture for every rule', () => expect(FILES.length).toBeGreaterThan(60));

  test.each(FILES)('%s is named and answered', async (name) => {
    const path = `${DIR}/${name}`;
    const error = await failure(path);
    expect(error.code).toBe('config');
    expect(error.message).toBe(wanted(path));
    expect(error.fix).not.toBe('');
    expect(error.message).not.toContain('hush');
  });
});
