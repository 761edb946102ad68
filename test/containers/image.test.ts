/**
 * The container image, built and run by Podman without privileges: what it contains, how it starts, stops and keeps its
 * state.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort, type RunningServer, startServer } from '../support/process.ts';
import { build, canBuild, exitCode, HARDENED, podman } from './podman.ts';

const IMAGE = 'localhost/llamacloud-exporter:test';
const NAME = `llamacloud-exporter-test-${process.pid}`;
const MAIN = join(import.meta.dirname, '../../src/main.ts');
const RUNS = /^llamacloud_chat_runs_total\{.*\} (\d+)$/gm;

type ImageConfig = {
  readonly User: string;
  readonly Entrypoint: readonly string[];
  readonly Labels: Readonly<Record<string, string>>;
  readonly Volumes: Readonly<Record<string, unknown>>;
  readonly StopSignal: string;
  readonly Env: readonly string[];
};

describe.runIf(canBuild())('the image', { timeout: 120_000 }, () => {
  let config: ImageConfig;
  let folder = '';
  let port = 0;

  beforeAll(async () => {
    await build(IMAGE, '--build-arg=REVISION=0123abc', '--build-arg=VERSION=9.9.9');
    config = JSON.parse(await podman('image', 'inspect', IMAGE, '--format', '{{json .Config}}')) as ImageConfig;
    folder = await mkdtemp(join(tmpdir(), 'llamacloud-image-'));
    port = await freePort();
  }, 600_000);

  afterAll(async () => {
    await exitCode('rm', '--force', '--time=0', NAME);
    await exitCode('volume', 'rm', '--force', NAME);
    await rm(folder, { recursive: true, force: true });
  });

  /** Runs the exporter in the background, as hardened as can be, on this test's volume. */
  async function start(apiUrl: string): Promise<void> {
    const file = join(folder, 'config.yml');
    const polling = 'polling: { interval: 1s, full_sweep_interval: 5s, discovery_interval: 10s, stale_after: 1h }';
    await writeFile(file, `accounts: [{ name: default, base_url: "${apiUrl}" }]\n${polling}\n`);
    await podman(
      'run',
      '--detach',
      `--name=${NAME}`,
      '--network=host',
      ...HARDENED,
      `--volume=${NAME}:/var/lib/llamacloud-exporter`,
      `--volume=${file}:/etc/llamacloud-exporter/config.yml:ro`,
      '--env=LLAMA_CLOUD_API_KEY=llx-container',
      `--env=LLAMACLOUD_EXPORTER_WEB_LISTEN_ADDRESS=127.0.0.1:${port}`,
      IMAGE,
      '--config.file=/etc/llamacloud-exporter/config.yml',
    );
  }

  const inside = (...command: readonly string[]): Promise<string> => podman('exec', NAME, ...command);

  /** Waits for a scrape that a condition holds for. */
  async function scrape(holds: (text: string) => boolean): Promise<string> {
    const end = Date.now() + 30_000;
    let text = '';
    while (Date.now() < end) {
      text = await fetch(`http://127.0.0.1:${port}/metrics`).then(
        (answer) => answer.text(),
        (error: unknown) => String(error),
      );
      if (holds(text)) return text;
      await sleep(100);
    }
    throw new Error(`the scrape never became what the test waits for:\n${text.slice(0, 2_000)}`);
  }

  const runs = (text: string): number => [...text.matchAll(RUNS)].reduce((sum, match) => sum + Number(match[1]), 0);
  const upOf = (text: string): readonly string[] => text.match(/^llamacloud_exporter_project_up\{.*\} [01]$/gm) ?? [];

  it('runs as a user without a name to become root by', () => {
    expect(config.User).toBe('1000:1000');
    expect(config.Entrypoint).toEqual(['node', '--disable-sigusr1', '/app/dist/main.js']);
    expect(config.StopSignal).toBe('SIGTERM');
    expect(Object.keys(config.Volumes)).toEqual(['/var/lib/llamacloud-exporter']);
  });

  it('says where it comes from', () => {
    expect(config.Labels).toMatchObject({
      'org.opencontainers.image.title': 'llamacloud-exporter',
      'org.opencontainers.image.licenses': 'Apache-2.0',
      'org.opencontainers.image.version': '9.9.9',
      'org.opencontainers.image.revision': '0123abc',
    });
    expect(config.Env).toContain('LLAMACLOUD_EXPORTER_REVISION=0123abc');
  });

  it('holds no package manager, compiler or source', async () => {
    const tools = 'for t in npm npx yarn corepack tsc gcc cc make git python3 curl; do command -v $t; done; true';
    expect(await podman('run', '--rm', '--network=none', '--entrypoint=sh', IMAGE, '-c', tools)).toBe('');
    const listing = await podman(
      'run',
      '--rm',
      '--network=none',
      '--entrypoint=ls',
      IMAGE,
      '/app',
      '/app/node_modules',
    );
    const names = listing.split('\n');
    expect(names).toContain('express');
    for (const development of ['src', 'test', 'typescript', 'vitest', 'node', '@types']) {
      expect(names).not.toContain(development);
    }
  });

  it('tells its version and its flags', async () => {
    expect(await podman('run', '--rm', '--network=none', ...HARDENED, IMAGE, '--version')).toContain('0123abc');
    expect(await podman('run', '--rm', '--network=none', ...HARDENED, IMAGE, '--help')).toContain('--config.file');
  });

  it('ends with 2 and a sentence without a key', async () => {
    expect(await exitCode('run', '--rm', '--network=none', ...HARDENED, IMAGE)).toBe(2);
  });

  it('runs as any user with group 0, as on OpenShift, and keeps its counters when the user changes', async () => {
    const once = (user: string): Promise<string> =>
      podman(
        'run',
        '--rm',
        '--network=host',
        ...HARDENED,
        `--user=${user}`,
        `--volume=${NAME}-any:/var/lib/llamacloud-exporter`,
        '--env=LLAMA_CLOUD_API_KEY=llx-container',
        '--env=LLAMA_CLOUD_BASE_URL=' + any.url,
        IMAGE,
        'once',
      );
    const any = await startSimulator();
    try {
      const created = /^llamacloud_exporter_state_created_timestamp_seconds .*$/m;
      const [first] = created.exec(await once('1000650000:0')) ?? [];
      const [second] = created.exec(await once('1000700000:0')) ?? [];
      expect(first).toBeDefined();
      expect(second).toBe(first);
    } finally {
      await any.stop();
      await exitCode('volume', 'rm', '--force', `${NAME}-any`);
    }
  });

  const startSimulator = (): Promise<RunningServer> =>
    startServer(
      process.execPath,
      (free) => [MAIN, 'simulate', `--listen-address=127.0.0.1:${free}`, '--speed=200'],
      '/_requests',
    );

  describe('running with nothing writable but its volume', () => {
    let simulator: RunningServer;
    beforeAll(async () => {
      simulator = await startSimulator();
      await start(simulator.url);
    });
    afterAll(() => simulator.stop());

    it('counts runs', async () => {
      expect(runs(await scrape((text) => runs(text) > 3))).toBeGreaterThan(3);
      expect(await scrape((text) => upOf(text).length > 0)).toContain('revision="0123abc"');
    });

    it('is healthy by its own check', async () => {
      expect(await exitCode('healthcheck', 'run', NAME)).toBe(0);
    });

    it('has no root, no capability and no way to new privileges', async () => {
      const status = await inside('cat', '/proc/1/status');
      expect(status).toMatch(/^Uid:\t1000\t1000\t1000\t1000$/m);
      expect(status).toMatch(/^Gid:\t1000\t1000\t1000\t1000$/m);
      for (const set of ['Inh', 'Prm', 'Eff', 'Bnd', 'Amb'])
        expect(status).toMatch(new RegExp(`^Cap${set}:\t0+$`, 'm'));
      expect(status).toMatch(/^NoNewPrivs:\t1$/m);
      expect(await exitCode('exec', NAME, 'touch', '/app/x')).not.toBe(0);
      expect(await exitCode('exec', NAME, 'touch', '/tmp/x')).not.toBe(0);
    });

    it('keeps its state to its user and to group 0', async () => {
      expect(await inside('stat', '--format=%a %g', '/var/lib/llamacloud-exporter')).toBe('2770 0');
      expect(await inside('stat', '--format=%a %g', '/var/lib/llamacloud-exporter/state.db')).toBe('660 0');
    });

    it('is not ended by signals of debuggers, which open no inspector', async () => {
      for (const signal of ['USR1', 'USR2']) expect(await exitCode('kill', `--signal=${signal}`, NAME)).toBe(0);
      expect(await exitCode('healthcheck', 'run', NAME)).toBe(0);
      expect(await podman('logs', NAME)).not.toContain('Debugger listening');
    });

    it('stops within 5 seconds, and resumes with its counters', async () => {
      await simulator.stop();
      // Without the API every poll fails, so that no counter moves between the last look and the stop.
      const before = await scrape((text) => upOf(text).length > 0 && upOf(text).every((line) => line.endsWith(' 0')));
      const begun = Date.now();
      expect(await exitCode('stop', '--time=20', NAME)).toBe(0);
      expect(Date.now() - begun).toBeLessThan(5_000);
      expect(await podman('inspect', NAME, '--format', '{{.State.ExitCode}}')).toBe('0');

      await podman('rm', NAME);
      await start(simulator.url);
      const after = await scrape((text) => runs(text) > 0);
      expect(runs(after)).toBe(runs(before));
      expect(await podman('logs', NAME)).not.toMatch(/new state/i);
    });

    it('is unhealthy when it does not answer', async () => {
      const elsewhere = [`--env=LLAMACLOUD_EXPORTER_WEB_LISTEN_ADDRESS=127.0.0.1:${await freePort()}`];
      const check = ['run', '--rm', '--network=host', ...elsewhere, '--entrypoint=node', IMAGE, '/app/healthcheck.mjs'];
      expect(await exitCode(...check)).toBe(1);
    });
  });
});
