/** The systemd unit: it is valid and hardened, and keeps the key and the state where they belong. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { hasProgram } from '../support/tools.ts';

const UNIT = join(import.meta.dirname, '../../deploy/systemd/llamacloud-exporter.service');
const analyze = async (...args: readonly string[]): Promise<string> => {
  const { stdout, stderr } = await promisify(execFile)('systemd-analyze', [...args]);
  return stdout + stderr;
};

describe('llamacloud-exporter.service', () => {
  it('gives the key by a file, never by a variable', async () => {
    const text = await readFile(UNIT, 'utf8');
    expect(text).toMatch(/^LoadCredential=api-key:/m);
    expect(text).toMatch(/^Environment=LLAMA_CLOUD_API_KEY_FILE=%d\/api-key$/m);
    expect(text).not.toMatch(/LLAMA_CLOUD_API_KEY=/);
  });

  it('keeps its state where the exporter looks for it', async () => {
    const text = await readFile(UNIT, 'utf8');
    const folder = /^StateDirectory=(.+)$/m.exec(text)?.[1];
    expect(text).toContain(`LLAMACLOUD_EXPORTER_STATE_URL=sqlite:/var/lib/${folder}/`);
  });

  it.runIf(hasProgram('systemd-analyze'))('is what systemd accepts', async () => {
    expect(await analyze('verify', '--man=no', UNIT)).toBe('');
  });

  it.runIf(hasProgram('systemd-analyze'))('is exposed to little', async () => {
    // Exit code 1 above the threshold, which counts tenths: 2.0 of 10.
    const shown = await analyze('security', '--offline=true', '--threshold=20', '--no-pager', UNIT);
    expect(shown).toMatch(/Overall exposure level for llamacloud-exporter.service: [01]\.\d OK/);
  });
});
