import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { findTool } from '../support/tools.ts';

const ROOT = join(import.meta.dirname, '../..');
const FILE = join(ROOT, 'prometheus/prometheus.yml');
const promtool = findTool('promtool') ?? '';

describe.runIf(promtool)('prometheus.yml', () => {
  it('is what promtool accepts, with its three rule files', async () => {
    const { stdout } = await promisify(execFile)(promtool, ['check', 'config', FILE]);
    expect(stdout).toContain('3 rule files found');
    expect(stdout).toContain('is valid prometheus config file syntax');
  });

  it('names a job that the alerts know', async () => {
    const { scrape_configs } = parse(await readFile(FILE, 'utf8')) as {
      scrape_configs: readonly { job_name: string }[];
    };
    expect(scrape_configs[0]?.job_name).toMatch(/llamacloud/);
  });
});
