/** Worlds: what one base URL of the server shows, so that every figure has projects and counts of its own. */
import { List, type Order } from './list.ts';

/** `groups`: so many projects of so many sessions each. `latencyMs`: before each page. */
export type WorldSpec = {
  readonly name: string;
  readonly groups: readonly { readonly projects: number; readonly sessions: number }[];
  readonly order: Order;
  readonly latencyMs: number;
};

/** `project`: the number of a project. */
export type Change =
  /** These sessions finish another run now. */
  | { readonly op: 'run'; readonly project: number; readonly sessions: readonly number[] }
  /** Every page of the world takes so long from now on. */
  | { readonly op: 'latency'; readonly ms: number }
  /** The project's pages are held back, or all that were held back are answered. */
  | { readonly op: 'hold'; readonly project: number }
  | { readonly op: 'release' };

const pad = (n: number, length: number): string => n.toString(16).padStart(length, '0');

export class World {
  readonly #lists: List[] = [];
  readonly #numbers = new Map<string, number>();
  #latencyMs: number;
  #held: number | null = null;
  #waiting: (() => void)[] = [];
  /** The list of projects, whole. */
  readonly projectsJson: Buffer;
  /** Requests for pages, and for histories, since the world was made. */
  requests = 0;
  histories = 0;

  constructor(spec: WorldSpec, seed: number) {
    this.#latencyMs = spec.latencyMs;
    for (const { projects, sessions } of spec.groups) {
      for (let i = 0; i < projects; i++) {
        this.#numbers.set(projectId(seed, this.#lists.length), this.#lists.length);
        this.#lists.push(new List(seed * 4096 + this.#lists.length, sessions, spec.order));
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

  /** Answers a page when it is time; false: no such project or token. */
  page(project: string, token: string | null, answer: (body: Buffer) => void): boolean {
    const no = this.#numbers.get(project);
    const body = no === undefined ? undefined : this.#lists[no]?.page(token);
    if (body === undefined) return false;
    this.requests += 1;
    if (no === this.#held) this.#waiting.push(() => answer(body));
    else if (this.#latencyMs > 0) setTimeout(() => answer(body), this.#latencyMs);
    else answer(body);
    return true;
  }

  /** Answers a history when it is time; false: no such session. */
  history(project: string, id: string, answer: (body: string) => void): boolean {
    const body = this.#lists[this.#numbers.get(project) ?? -1]?.history(id);
    if (body === undefined) return false;
    this.histories += 1;
    setTimeout(() => answer(body), this.#latencyMs);
    return true;
  }

  /** Answers the instant of the change, microseconds. */
  change(change: Change): number {
    if (change.op === 'run') return this.#lists[change.project]?.change(change.sessions) ?? 0;
    if (change.op === 'latency') this.#latencyMs = change.ms;
    else if (change.op === 'hold') this.#held = change.project;
    else this.#release();
    return 0;
  }

  #release(): void {
    const waiting = this.#waiting;
    this.#held = null;
    this.#waiting = [];
    for (const answer of waiting) answer();
  }
}

/** Project `no` of the world that was made with this seed. */
function projectId(seed: number, no: number): string {
  return `${pad(seed, 8)}-7c1d-4e5f-8a9b-${pad(no, 12)}`;
}
