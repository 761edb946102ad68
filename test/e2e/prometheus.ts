/** A real Prometheus as a process, for tests. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

export type PrometheusProcess = {
  readonly url: string;
  /** Asks its HTTP API; answers `data`. */
  ask<T>(pathAndQuery: string): Promise<T>;
  stop(): Promise<void>;
};

/** Starts the program with a configuration; JSON is YAML too. Resolves when it is ready. */
export async function startPrometheus(program: string, config: object): Promise<PrometheusProcess> {
  const folder = mkdtempSync(path.join(tmpdir(), 'prometheus-'));
  const file = path.join(folder, 'prometheus.yml');
  writeFileSync(file, JSON.stringify(config));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const storage = ['--storage.tsdb.path', path.join(folder, 'data'), '--enable-feature=exemplar-storage'];
  const child = spawn(program, ['--config.file', file, '--web.listen-address', `127.0.0.1:${port}`, ...storage], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    log += text;
  });
  const ended = new Promise<void>((resolve) => child.on('close', () => resolve()));
  const isReady = async (): Promise<boolean> => (await fetch(`${url}/-/ready`).catch(() => null))?.status === 200;
  for (let tries = 0; !(await isReady()); tries++) {
    if (tries > 200) throw new Error(`Prometheus is not ready: ${log}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return {
    url,
    ask: async <T>(pathAndQuery: string) => {
      const { status, data, error } = (await (await fetch(url + pathAndQuery)).json()) as {
        status: string;
        data: T;
        error?: string;
      };
      if (status !== 'success') throw new Error(`Prometheus: ${error}`);
      return data;
    },
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A port that was free a moment ago. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
