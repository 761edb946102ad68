/** A real Prometheus that holds the small past of `history.ts`, and its answers. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { type RunningServer, startServer } from '../support/process.ts';
import { history } from './history.ts';

/** A node of Prometheus' own syntax tree, as far as the tests look at it. */
export type Node = {
  readonly type: string;
  readonly name?: string;
  readonly range?: number;
  readonly func?: { readonly name: string };
  readonly matchers?: readonly { readonly name: string; readonly type: string; readonly value: string }[];
};

export type Sample = { readonly metric: Readonly<Record<string, string>>; readonly value: readonly [number, string] };

export class Prometheus {
  /** The last minute that it knows, in seconds since the epoch. */
  readonly end = Math.floor(Date.now() / 60_000) * 60;
  readonly #folder = mkdtempSync(path.join(tmpdir(), 'llamacloud-grafana-'));
  #server: RunningServer | undefined;

  async start(prometheus: string, promtool: string): Promise<void> {
    const text = path.join(this.#folder, 'history.om');
    const data = path.join(this.#folder, 'data');
    writeFileSync(text, history(this.end));
    writeFileSync(path.join(this.#folder, 'prometheus.yml'), '{}\n');
    await promisify(execFile)(promtool, ['tsdb', 'create-blocks-from', 'openmetrics', '--quiet', text, data]);
    const args = [`--config.file=${this.#folder}/prometheus.yml`, `--storage.tsdb.path=${data}`];
    const serve = (port: number) => [...args, `--web.listen-address=127.0.0.1:${port}`];
    this.#server = await startServer(prometheus, serve, '/-/ready');
  }

  async stop(): Promise<void> {
    await this.#server?.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Results of an instant query at the end of the past. */
  async query(expr: string): Promise<readonly Sample[]> {
    const { result } = await this.#ask<{ result: readonly Sample[] }>('query', { query: expr, time: `${this.end}` });
    return result;
  }

  /** How many series a graph of the last half hour has. */
  async graph(expr: string): Promise<number> {
    const times = { start: `${this.end - 1800}`, end: `${this.end}`, step: '60' };
    const { result } = await this.#ask<{ result: readonly unknown[] }>('query_range', { query: expr, ...times });
    return result.length;
  }

  /** The syntax tree of an expression, as a list of its nodes with their ancestors, nearest last. */
  async parse(expr: string): Promise<{ readonly node: Node; readonly parents: readonly Node[] }[]> {
    return nodes(await this.#ask<unknown>('parse_query', { query: expr }), []);
  }

  /** The syntax tree of an expression as it is. */
  async tree<T>(expr: string): Promise<T> {
    return this.#ask<T>('parse_query', { query: expr });
  }

  async #ask<T>(endpoint: string, parameters: Record<string, string>): Promise<T> {
    const url = `${this.#server?.url}/api/v1/${endpoint}?${new URLSearchParams(parameters).toString()}`;
    const answer = (await (await fetch(url)).json()) as { status: string; error?: string; data: T };
    if (answer.status !== 'success') throw new Error(`${parameters['query']}: ${answer.error}`);
    return answer.data;
  }
}

function nodes(value: unknown, parents: readonly Node[]): { node: Node; parents: readonly Node[] }[] {
  if (Array.isArray(value)) return value.flatMap((item) => nodes(item, parents));
  if (typeof value !== 'object' || value === null) return [];
  const isNode = 'type' in value && !('value' in value && 'name' in value);
  const node = value as Node;
  const below = isNode ? [...parents, node] : parents;
  const found = Object.values(value).flatMap((child) => nodes(child, below));
  return isNode ? [{ node, parents }, ...found] : found;
}
