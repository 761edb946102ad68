/**
 * docker-compose.yml as Docker Compose reads it: the demo, live data and two replicas, each hardened, and the preflight
 * script.
 */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { findTool } from '../support/tools.ts';

const ROOT = join(import.meta.dirname, '../..');
const compose = findTool('docker-compose') ?? '';
const run = promisify(execFile);

type Service = {
  readonly image: string;
  readonly build?: unknown;
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly healthcheck?: unknown;
  readonly deploy?: { readonly replicas?: number };
  readonly depends_on?: Readonly<Record<string, { readonly condition: string; readonly required?: boolean }>>;
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: readonly { readonly host_ip?: string; readonly published: string }[];
  readonly volumes?: readonly {
    readonly type: string;
    readonly source: string;
    readonly target: string;
    readonly read_only?: boolean;
  }[];
};
type Project = { readonly services: Readonly<Record<string, Service>> };

/** The project as Compose understands it, with nothing of this shell's environment but the PATH and what is given. */
async function config(profiles: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Project> {
  const options = { cwd: ROOT, env: { PATH: process.env['PATH'], HOME: ROOT, ...env } };
  const flags = profiles.flatMap((profile) => ['--profile', profile]);
  await run(compose, [...flags, 'config', '--quiet'], options);
  const { stdout } = await run(compose, [...flags, 'config', '--format=json'], options);
  return JSON.parse(stdout) as Project;
}

const EVERY = ['demo', 'replicas'];
const LIVE = { LLAMA_CLOUD_API_KEY: 'llx-live' };

describe.runIf(compose)('docker-compose.yml', () => {
  it('is valid with and without the demo', async () => {
    const all = ['alertmanager', 'exporter', 'grafana', 'preflight', 'prometheus'];
    expect(Object.keys((await config([])).services).toSorted()).toEqual(all);
    expect(Object.keys((await config([], LIVE)).services).toSorted()).toEqual(all);
    expect(Object.keys((await config(['demo'])).services).toSorted()).toEqual([...all, 'simulator']);
    const replicas = ['postgres', 'prometheus-replicas', 'replica', 'simulator'];
    expect(Object.keys((await config(EVERY)).services).toSorted()).toEqual([...all, ...replicas].toSorted());
  });

  it('starts the demo without a key, and apart from live data', async () => {
    const demo = (await config(['demo'])).services['exporter'];
    const live = (await config([], LIVE)).services['exporter'];
    const configFile = (service: Service | undefined) => service?.volumes?.find((each) => each.type === 'bind')?.source;
    expect(configFile(demo)).toBe(join(ROOT, 'deploy/compose/exporter.yml'));
    expect(configFile(live)).toBe(join(ROOT, 'deploy/compose/exporter-live.yml'));
    expect(demo?.environment?.['LLAMA_CLOUD_API_KEY']).toBe('demo');
    expect(live?.environment?.['LLAMA_CLOUD_API_KEY']).toBe('llx-live');
    const state = 'LLAMACLOUD_EXPORTER_STATE_URL';
    expect(demo?.environment?.[state]).not.toBe(live?.environment?.[state]);
  });

  it('sends a key to no host but the one that was asked for', async () => {
    const live = (await config([], LIVE)).services['exporter']?.environment ?? {};
    const holders = Object.entries(live).filter(([, value]) => value.includes('llx-live'));
    expect(holders.map(([name]) => name)).toEqual(['LLAMA_CLOUD_API_KEY']);
  });

  it('starts the exporter after the preflight, and that after the simulator of the demo', async () => {
    const { services } = await config(['demo']);
    expect(services['exporter']?.depends_on?.['preflight']?.condition).toBe('service_completed_successfully');
    expect(services['preflight']?.depends_on?.['simulator']).toMatchObject({
      condition: 'service_healthy',
      required: false,
    });
    expect((await config([], LIVE)).services['preflight']?.environment).toEqual({ LLAMA_CLOUD_API_KEY: 'llx-live' });
  });

  it('runs every service without privileges, on loopback, from a pinned image', async () => {
    for (const service of Object.values((await config(EVERY)).services)) {
      expect(service.read_only).toBe(true);
      expect(service.cap_drop).toEqual(['ALL']);
      expect(service.security_opt).toEqual(['no-new-privileges:true']);
      expect(service.image).toMatch(/:v?\d+\.\d+(?:\.\d+|-\w+)$/);
      for (const port of service.ports ?? []) expect(port.host_ip).toBe('127.0.0.1');
    }
  });

  it('names the version that package.json names, as Kubernetes does', async () => {
    const { version } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as { version: string };
    const { services } = await config(['demo']);
    const kubernetes = await readFile(join(ROOT, 'deploy/kubernetes/kustomization.yaml'), 'utf8');
    expect(services['exporter']?.image).toBe(`llamacloud-exporter:${version}`);
    expect(services['exporter']?.build).toMatchObject({ args: { VERSION: version } });
    expect(kubernetes).toContain(`newTag: ${version}\n`);
  });

  it('checks the health of every service', async () => {
    const { services } = await config(EVERY);
    const unchecked = Object.entries(services).filter(
      ([name, service]) => service.healthcheck === undefined && name !== 'preflight',
    );
    // Its image brings the check: see the Dockerfile.
    expect(unchecked.map(([name]) => name).toSorted()).toEqual(['exporter', 'replica']);
  });

  it('mounts what exists, and read-only', async () => {
    const binds = [await config(EVERY), await config([], LIVE)]
      .flatMap((project) => Object.values(project.services))
      .flatMap((service) => service.volumes ?? [])
      .filter((volume) => volume.type === 'bind');
    expect(binds.length).toBeGreaterThan(10);
    expect(binds.filter((bind) => !existsSync(bind.source)).map((bind) => bind.source)).toEqual([]);
    expect(binds.filter((bind) => bind.read_only !== true).map((bind) => bind.target)).toEqual([]);
  });
});

describe.runIf(compose)('the profile replicas', () => {
  it('runs two exporters over one database, with live data apart from the demo', async () => {
    const databases = [];
    for (const env of [{}, LIVE]) {
      const { replica, postgres } = (await config(EVERY, env)).services;
      const { PGPASSWORD, LLAMACLOUD_EXPORTER_STATE_URL: url } = replica?.environment ?? {};
      expect(url).toMatch(/^postgresql:\/\/exporter@postgres:5432\/exporter\?/);
      expect(replica?.deploy?.replicas).toBe(2);
      expect(PGPASSWORD).toBe(postgres?.environment?.['POSTGRES_PASSWORD']);
      databases.push(postgres?.volumes?.find(({ type }) => type === 'volume')?.source);
    }
    expect(new Set(databases).size).toBe(2);
  });

  it('is started alone by the name of its Prometheus', async () => {
    const { services } = await config(EVERY);
    const needed = (name: string): readonly string[] => [
      name,
      ...Object.keys(services[name]?.depends_on ?? {}).flatMap(needed),
    ];
    const started = [...new Set(needed('prometheus-replicas'))].toSorted();
    expect(started).toEqual(['alertmanager', 'postgres', 'preflight', 'prometheus-replicas', 'replica', 'simulator']);
  });
});

describe('the preflight', () => {
  const PREFLIGHT = join(ROOT, 'deploy/compose/preflight.mjs');
  const preflight = (
    host: string,
    env: Readonly<Record<string, string>> = {},
  ): Promise<{ code: number; stderr: string }> =>
    run(process.execPath, [PREFLIGHT, host], { env }).then(
      ({ stderr }) => ({ code: 0, stderr }),
      ({ code, stderr }: { code: number; stderr: string }) => ({ code, stderr }),
    );

  it('refuses where there is neither a key nor a simulator, and says what to do', async () => {
    const { code, stderr } = await preflight('simulator.invalid', { LLAMA_CLOUD_API_KEY: '' });
    expect(code).toBe(2);
    expect(stderr).toContain('LLAMA_CLOUD_API_KEY is not set');
    expect(stderr).toContain('docker compose --profile demo up --build');
  });

  it('passes with either', async () => {
    expect(await preflight('simulator.invalid', { LLAMA_CLOUD_API_KEY: 'llx-1' })).toEqual({ code: 0, stderr: '' });
    expect(await preflight('localhost')).toEqual({ code: 0, stderr: '' });
  });
});
