/** Worlds: what one base URL of the server shows, so that every figure has projects and counts of its own. */
import { List, type Order } from './list.ts';

/** `groups`: so many projects of so many sessions each. `latencyMs`: before each page. */
export type WorldSpec = {
  readonly name: string;
  readonly groups: readonly { readonly projects: number; readonly sessions: number }[];
  readonly order: Order;
  readonly latencyMs: number;
};

/** `project`: the number of one project, or null for all. */
export type Change =
  | { readonly op: 'run'; readonly project: number; readonly sessions: readonly number[] }
  | { readonly op: 'latency'; readonly project: number | null; readonly ms: number };

const pad = (n: number, length: number): string => n.toString(16).padStart(length, '0');

export class World {
  readonly #lists: List[] = [];
  readonly #latencyMs: number[] = [];
  readonly #numbers = new Map<string, number>();
  /** The list of projects, whole. */
  readonly projectsJson: Buffer;
  /** Requests for pages since the world was made. */
  requests = 0;

  constructor(spec: WorldSpec, seed: number) {
    for (const { projects, sessions } of spec.groups) {
      for (let i = 0; i < projects; i++) {
        this.#numbers.set(projectId(seed, this.#lists.length), this.#lists.length);
        this.#lists.push(new List(seed * 4096 + this.#lists.length, sessions, spec.order));
        this.#latencyMs.push(spec.latencyMs);
      }
    }
    const projects = [...this.#numbers].map(([id, no]) => ({
      id,
      name: `Agents ${no}`,
      organization_id: '3f6a2c1e-0000-4000-8000-000000000001',
      is_default: no === 0,
      created_at: '2025-01-01T00:00:00.000000',
    }));
    this.projectsJson = Buffer.from(JSON.stringify(projects));
  }

  get projectIds(): readonly string[] {
    return [...this.#numbers.keys()];
  }

  /** A page and the wait before it; undefined: no such project or token. */
  page(project: string, token: string | null): { readonly body: Buffer; readonly latencyMs: number } | undefined {
    const no = this.#numbers.get(project);
    const body = no === undefined ? undefined : this.#lists[no]?.page(token);
    if (no === undefined || body === undefined) return undefined;
    this.requests += 1;
    return { body, latencyMs: this.#latencyMs[no] ?? 0 };
  }

  /** Answers the instant of the change, microseconds. */
  change(change: Change): number {
    if (change.op === 'run') return this.#lists[change.project]?.change(change.sessions) ?? 0;
    if (change.project === null) this.#latencyMs.fill(change.ms);
    else this.#latencyMs[change.project] = change.ms;
    return 0;
  }
}

/** Project `no` of the world that was made with this seed. */
function projectId(seed: number, no: number): string {
  return `${pad(seed, 8)}-7c1d-4e5f-8a9b-${pad(no, 12)}`;
}
