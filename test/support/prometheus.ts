/** A real Prometheus with a configuration of the test's own, and its HTTP API. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startServer } from './process.ts';

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
  const args = [`--config.file=${file}`, `--storage.tsdb.path=${folder}/data`, '--enable-feature=exemplar-storage'];
  const serve = (port: number): readonly string[] => [...args, `--web.listen-address=127.0.0.1:${port}`];
  const { url, stop } = await startServer(program, serve, '/-/ready');
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
      await stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
