/** The GitHub workflows: least privilege, pinned actions, time limits, and a release that ships files that exist. */
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

const ROOT = join(import.meta.dirname, '../..');
const FOLDER = join(ROOT, '.github/workflows');

type Step = { readonly uses?: string; readonly run?: string; readonly with?: Readonly<Record<string, unknown>> };
type Job = { readonly steps?: readonly Step[]; readonly uses?: string; readonly 'timeout-minutes'?: number };
type Workflow = { readonly permissions: unknown; readonly jobs: Readonly<Record<string, Job>> };

const names = await readdir(FOLDER);
const workflows = await Promise.all(
  names.map(async (name) => parse(await readFile(join(FOLDER, name), 'utf8')) as Workflow),
);
const jobs = workflows.flatMap((workflow) => Object.values(workflow.jobs));
const steps = jobs.flatMap((job) => job.steps ?? []);

describe('workflows', () => {
  it('are there for every change, for each night and for a release', () => {
    expect(names.toSorted()).toEqual(['ci.yml', 'nightly.yml', 'release.yml']);
    expect(steps.map((step) => step.run)).toContain('.ci/run');
  });

  it('may read the repository and no more by default', () => {
    for (const workflow of workflows) expect(workflow.permissions).toEqual({ contents: 'read' });
  });

  it('pin every action to a version', () => {
    const used = steps.flatMap((step) => step.uses ?? []);
    expect(used.length).toBeGreaterThan(10);
    expect(used.filter((action) => !/^[\w-]+\/[\w-]+@v\d+(\.\d+)*$/.test(action))).toEqual([]);
  });

  it('leave no credentials in a checkout', () => {
    const checkouts = steps.filter((step) => step.uses?.startsWith('actions/checkout@'));
    expect(checkouts.filter((step) => step.with?.['persist-credentials'] !== false)).toEqual([]);
  });

  it('end by themselves', () => {
    expect(jobs.filter((job) => job.uses === undefined && job['timeout-minutes'] === undefined)).toEqual([]);
  });

  it('put nothing that others write into a script', () => {
    // An expression in a script is pasted before the shell reads it; what comes from outside goes by the environment.
    expect(steps.filter((step) => step.run?.includes('${{'))).toEqual([]);
  });

  it('release what exists', async () => {
    const text = await readFile(join(FOLDER, 'release.yml'), 'utf8');
    const listed = /prometheus\/rules .*$/m.exec(text)?.[0].split(' ') ?? [];
    expect(listed.length).toBeGreaterThan(5);
    expect(listed.filter((name) => !existsSync(join(ROOT, name)))).toEqual([]);
  });
});
