/** The page server from the outside. */
import type { Change, WorldSpec } from '../server/worlds.ts';
import { endScript, firstLine, startScript } from './processes.ts';

/** A world of the running server. */
export type ApiWorld = {
  readonly baseUrl: string;
  readonly projectIds: readonly string[];
  /** Answers the instant of the change, microseconds. */
  change(change: Change): Promise<number>;
  /** Requests for pages so far. */
  requests(): Promise<number>;
  /** Requests for histories so far. */
  histories(): Promise<number>;
  /** Frees its memory. */
  remove(): Promise<void>;
};

export class Api {
  readonly #child: ReturnType<typeof startScript>;
  readonly #origin: string;

  private constructor(child: ReturnType<typeof startScript>, port: string) {
    this.#child = child;
    this.#origin = `http://127.0.0.1:${port}`;
  }

  static async start(): Promise<Api> {
    const child = startScript('bench/server/main.ts', []);
    return new Api(child, await firstLine(child));
  }

  async world(spec: WorldSpec): Promise<ApiWorld> {
    const { projectIds } = await this.#ask<{ projectIds: string[] }>('POST', '', spec);
    const { name } = spec;
    return {
      baseUrl: `${this.#origin}/w/${name}`,
      projectIds,
      change: async (change) => (await this.#ask<{ at: number }>('POST', name, change)).at,
      requests: async () => (await this.#ask<{ requests: number }>('GET', name, null)).requests,
      histories: async () => (await this.#ask<{ histories: number }>('GET', name, null)).histories,
      remove: async () => void (await this.#ask('DELETE', name, null)),
    };
  }

  stop(): Promise<void> {
    return endScript(this.#child);
  }

  async #ask<T>(method: string, name: string, body: object | null): Promise<T> {
    const response = await fetch(`${this.#origin}/_worlds/${name}`, {
      method,
      ...(body === null ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`the page server answered ${response.status} to ${method} ${name}`);
    return (await response.json()) as T;
  }
}
