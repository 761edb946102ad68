/**
 * The shipped Prometheus configurations, for one exporter and for replicas, are valid and differ only in what they
 * scrape.
 */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { findTool } from '../support/tools.ts';

const ROOT = join(import.meta.dirname, '../..');
const FILE = join(ROOT, 'prometheus/prometheus.yml');
const REPLICAS = join(ROOT, 'prometheus/replicas.yml');
const promtool = findTool('promtool') ?? '';

describe.runIf(promtool)('prometheus.yml', () => {
  it.each([FILE, REPLICAS])('is what promtool accepts, with its three rule files: %s', async (file) => {
    const { stdout } = await promisify(execFile)(promtool, ['check', 'config', file]);
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

describe('replicas.yml', () => {
  type Job = {
    readonly job_name: string;
    readonly metrics_path?: string;
    readonly static_configs?: readonly { readonly targets: readonly string[] }[];
    readonly dns_sd_configs?: readonly { readonly names: readonly string[] }[];
  };
  const read = async (file: string) =>
    parse(await readFile(file, 'utf8')) as Record<string, unknown> & { readonly scrape_configs: readonly Job[] };

  it('scrapes projects at one address and the exporters one by one', async () => {
    const [projects, members] = (await read(REPLICAS)).scrape_configs;
    expect(projects).toMatchObject({ job_name: 'llamacloud-exporter', metrics_path: '/metrics/projects' });
    expect(projects?.static_configs).toEqual([{ targets: ['replica:10940'] }]);
    expect(members).toMatchObject({ job_name: 'llamacloud-exporter-members', metrics_path: '/metrics/exporter' });
    expect(members?.dns_sd_configs).toMatchObject([{ names: ['replica'] }]);
  });

  it('differs from prometheus.yml in what it scrapes alone', async () => {
    const [one, several] = await Promise.all([FILE, REPLICAS].map(read));
    expect({ ...several, scrape_configs: one?.scrape_configs }).toEqual(one);
  });
});
