/** The package as it is published, installed as a user installs it. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { STACK } from '../cli/program.ts';
import { linksOf } from '../docs/links.ts';
import { oldNode } from '../support/tools.ts';
import { npm, ROOT, reasonToSkip, runWith } from './npm.ts';

vi.setConfig({ hookTimeout: 300_000, testTimeout: 120_000 });

type Packed = { readonly filename: string; readonly files: readonly { readonly path: string }[] };
type Manifest = {
  readonly version: string;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
};

const folder = mkdtempSync(path.join(tmpdir(), 'pack-'));
const clean = path.join(folder, 'clean');
const installed = path.join(clean, 'node_modules', 'llamacloud-exporter');
const manifest = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as Manifest;

let packed: Packed;
/** Why nothing could be installed; undefined: all is there. */
let offline: string | undefined;

/** npm 12 answers an object by name where npm 11 answers a list; what scripts print comes before it. */
function packedIn(stdout: string): Packed {
  const answer = JSON.parse(stdout.slice(stdout.search(/^[[{]$/m))) as readonly Packed[] | Record<string, Packed>;
  return Object.values(answer)[0] as Packed;
}

beforeAll(() => {
  const { status, stdout, stderr } = npm(['pack', '--json', `--pack-destination=${folder}`], ROOT);
  if (status !== 0) throw new Error(stderr);
  packed = packedIn(stdout);
  mkdirSync(clean);
  writeFileSync(path.join(clean, 'package.json'), '{"name": "clean", "version": "1.0.0", "private": true}');
  const tarball = path.join(folder, packed.filename);
  const install = npm(['install', '--prefer-offline', '--no-audit', '--no-fund', tarball], clean);
  if (install.status === 0) return;
  if (!/ENOTCACHED|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|network/.test(install.stderr)) {
    throw new Error(install.stderr);
  }
  offline = reasonToSkip('no package registry can be reached');
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the package', () => {
  test('holds the program, its documents and nothing else', () => {
    const paths = packed.files.map((file) => file.path);
    expect(paths).toEqual(
      expect.arrayContaining(['dist/main.js', 'dist/simulator/api/server.js', 'LICENSE', 'README.md']),
    );
    expect(paths).toEqual(expect.arrayContaining(['docs/metrics.md', 'prometheus/rules/llamacloud-alerts.yml']));
    const foreign = paths.filter(
      (file) =>
        !/^(dist|docs|alertmanager|deploy|examples|grafana\/dashboards|grafana\/import|mixin|prometheus\/rules)\//.test(
          file,
        ) &&
        !/^(package\.json|LICENSE|Dockerfile|docker-compose\.yml|[A-Z]+\.md|grafana\/README\.md|prometheus\/(?:prometheus|replicas)\.yml)$/.test(
          file,
        ),
    );
    expect(foreign).toEqual([]);
    expect(paths.filter((file) => /\.(db|env|pem|key)$|\.ts$/.test(file) && !file.endsWith('.d.ts'))).toEqual([]);
  });

  test('holds what its documents link to, but for sources and tests', () => {
    const paths = packed.files.map((file) => file.path);
    const links = paths
      .filter((file) => file.endsWith('.md'))
      .flatMap((file) => linksOf(file, readFileSync(path.join(ROOT, file), 'utf8')));
    expect(links.length).toBeGreaterThan(100);
    const missing = links.filter(
      ({ file }) =>
        !/^(src|test|bench|scripts)(\/|$)/.test(file) &&
        !paths.some((name) => name === file || name.startsWith(`${file.replace(/\/$/, '')}/`)),
    );
    expect(missing.map(({ from, file }) => `${from} -> ${file}`)).toEqual([]);
  });

  test('brings no other Node and no install script', (context) => {
    if (offline !== undefined) context.skip(offline);
    const modules = path.join(clean, 'node_modules');
    expect([existsSync(path.join(modules, 'node')), existsSync(path.join(modules, 'typescript'))]).toEqual([
      false,
      false,
    ]);
    const lock = JSON.parse(readFileSync(path.join(clean, 'package-lock.json'), 'utf8')) as {
      packages: Record<string, { hasInstallScript?: boolean }>;
    };
    const scripts = Object.entries(lock.packages).filter(([, entry]) => entry.hasInstallScript === true);
    expect(scripts.map(([name]) => name)).toEqual([]);
  });

  test('says what it is to npm', () => {
    expect(manifest).toMatchObject({
      bin: { 'llamacloud-exporter': 'dist/main.js' },
      engines: { node: '>=26' },
      exports: { './package.json': './package.json' },
      license: 'Apache-2.0',
    });
  });
});

describe('npm sbom', () => {
  /** In the checkout, `npm sbom --omit=dev` forgets what development tools use as well (npm 11: zod, yaml, picomatch). */
  test('lists what is shipped, where it is installed', (context) => {
    if (offline !== undefined) context.skip(offline);
    const { status, stdout, stderr } = npm(['sbom', '--sbom-format=cyclonedx'], clean);
    expect(status, stderr).toBe(0);
    const { bomFormat, components } = JSON.parse(stdout) as {
      bomFormat: string;
      components: { name: string; group?: string }[];
    };
    const names = components.map(({ name, group }) => (group === undefined ? name : `${group}/${name}`));
    expect(bomFormat).toBe('CycloneDX');
    expect(names).toEqual(expect.arrayContaining(['llamacloud-exporter', ...Object.keys(manifest.dependencies)]));
    expect(Object.keys(manifest.devDependencies).filter((name) => names.includes(name))).toEqual([]);
  });
});

describe('npx llamacloud-exporter', () => {
  test('works in a clean directory', (context) => {
    if (offline !== undefined) context.skip(offline);
    const help = runWith(process.execPath, 'npx', ['llamacloud-exporter', '--help'], clean);
    expect([help.status, help.stdout.split('\n')[0]]).toEqual([0, 'Usage: llamacloud-exporter [command] [flags]']);
    const version = runWith(process.execPath, 'npx', ['llamacloud-exporter', '--version'], clean);
    expect(version.stdout).toContain(manifest.version);
    const check = runWith(process.execPath, 'npx', ['llamacloud-exporter', '--config.check'], clean);
    expect([check.status, check.stderr]).toEqual([1, expect.stringContaining('no API key')]);
    expect(statSync(path.join(installed, 'dist', 'main.js')).mode & 0o111).toBe(0o111);
  });

  test('tells an old Node which one it needs', (context) => {
    if (offline !== undefined) context.skip(offline);
    const node = oldNode() ?? context.skip(reasonToSkip('there is no Node below 26 on the PATH to try'));
    // What npx ends in: the link in .bin, run by the first Node on the PATH.
    const bin = path.join(clean, 'node_modules', '.bin', 'llamacloud-exporter');
    const { status, stdout, stderr } = runWith(node, bin, ['--help'], clean);
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^llamacloud-exporter needs Node 26 or newer, and this is Node \d+\.\d+\.\d+: .*\n$/);
    expect(stderr).not.toMatch(STACK);
  });
});
