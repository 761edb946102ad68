import type { Call, Endpoint } from './calls.ts';
import { ENDPOINTS } from './calls.ts';
import type { Micros } from './types.ts';

/** One request that came, and what became of it. */
export interface RequestRecord {
  /** By the world's clock. */
  readonly at: Micros;
  readonly endpoint: Endpoint;
  readonly projectId: string | null;
  readonly sessionId: string | null;
  readonly pageToken: string | null;
  /** As received; the key is in `authorization`. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Kinds of the faults that it met. */
  readonly faults: readonly string[];
}

/** How many requests are remembered one by one. */
const REMEMBERED = 10_000;

/** Counts requests of the API; those to the simulator's own paths are not among them. */
export class Requests {
  readonly #counts: Record<Endpoint, number>;
  readonly #statuses = new Map<number, number>();
  #log: RequestRecord[] = [];

  constructor() {
    this.#counts = Object.fromEntries(ENDPOINTS.map((endpoint) => [endpoint, 0])) as Record<Endpoint, number>;
  }

  /** How many requests came: to one endpoint, or in all. */
  count(endpoint?: Endpoint): number {
    if (endpoint !== undefined) return this.#counts[endpoint];
    return Object.values(this.#counts).reduce((sum, count) => sum + count, 0);
  }

  /** How many answers had the status. Requests that were never answered have none. */
  answered(status: number): number {
    return this.#statuses.get(status) ?? 0;
  }

  /** The last requests, oldest first. */
  log(): readonly RequestRecord[] {
    return this.#log;
  }

  /** The counts as JSON. */
  summary(): { total: number; endpoints: Record<Endpoint, number>; statuses: Record<string, number> } {
    return { total: this.count(), endpoints: { ...this.#counts }, statuses: Object.fromEntries(this.#statuses) };
  }

  /** Forgets everything. */
  reset(): void {
    for (const endpoint of ENDPOINTS) this.#counts[endpoint] = 0;
    this.#statuses.clear();
    this.#log = [];
  }

  came(call: Call, at: Micros, headers: RequestRecord['headers'], faults: readonly string[]): void {
    const { endpoint, projectId, sessionId, pageToken } = call;
    this.#counts[endpoint] += 1;
    this.#log.push({ at, endpoint, projectId, sessionId, pageToken, headers, faults });
    if (this.#log.length > 2 * REMEMBERED) this.#log = this.#log.slice(-REMEMBERED);
  }

  left(status: number): void {
    this.#statuses.set(status, this.answered(status) + 1);
  }
}
