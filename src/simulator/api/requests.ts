/** Requests of the API: what faults and counters see of one, and the log of all of them. */
import type { Micros } from '../world/types.ts';

/** The endpoints of the service, by the names that faults, counters and tests use. */
export const ENDPOINTS = ['list', 'session', 'summary', 'projects', 'projects_v2', 'project'] as const;

export type Endpoint = (typeof ENDPOINTS)[number];

/** A request, as faults and counters see it. */
export interface Call {
  readonly endpoint: Endpoint;
  /** Path without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** The project asked for, by the query or the path; null when none is named. */
  readonly projectId: string | null;
  readonly sessionId: string | null;
  readonly pageToken: string | null;
}

/** The name that page tokens carry for the list a call reads: the project's id, or `projects`. */
export function listNameOf(call: Call): string {
  return call.endpoint === 'list' ? (call.projectId ?? 'default') : 'projects';
}

/** One request in the log. */
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

/** The counts of requests as `GET /_requests` shows them. */
export interface RequestSummary {
  readonly total: number;
  readonly endpoints: Readonly<Record<Endpoint, number>>;
  readonly statuses: Readonly<Record<string, number>>;
  /** Bytes of bodies, uncompressed. */
  readonly bytes: Readonly<Record<Endpoint, number>>;
}

/** How many requests the log keeps one by one. */
const REMEMBERED = 10_000;

/** Counts requests of the API; requests to the simulator's own paths are not counted. */
export class Requests {
  readonly #counts: Record<Endpoint, number>;
  readonly #statuses = new Map<number, number>();
  /** Bytes of bodies, uncompressed, by endpoint. */
  readonly #bytes: Record<Endpoint, number>;
  /** Histories asked for, by session. */
  readonly #histories = new Map<string, number>();
  #log: RequestRecord[] = [];

  constructor() {
    this.#counts = zeros();
    this.#bytes = zeros();
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

  /** How many histories were asked for: of one session, or in all. */
  histories(sessionId?: string): number {
    return sessionId === undefined ? this.#counts.session : (this.#histories.get(sessionId) ?? 0);
  }

  /** Bytes of the answers' bodies so far, before compression, including what a truncated answer never sent. */
  bytes(endpoint: Endpoint): number {
    return this.#bytes[endpoint];
  }

  /** The last requests, oldest first. */
  log(): readonly RequestRecord[] {
    return this.#log;
  }

  /** The counts as JSON. */
  summary(): RequestSummary {
    return {
      total: this.count(),
      endpoints: { ...this.#counts },
      statuses: Object.fromEntries(this.#statuses),
      bytes: { ...this.#bytes },
    };
  }

  /** How many histories were asked for, by session. */
  bySession(): Record<string, number> {
    return Object.fromEntries(this.#histories);
  }

  /** Forgets everything. */
  reset(): void {
    Object.assign(this.#counts, zeros());
    Object.assign(this.#bytes, zeros());
    this.#histories.clear();
    this.#statuses.clear();
    this.#log = [];
  }

  /** A request arrived. */
  received(call: Call, at: Micros, headers: RequestRecord['headers'], faults: readonly string[]): void {
    const { endpoint, projectId, sessionId, pageToken } = call;
    this.#counts[endpoint] += 1;
    if (endpoint === 'session' && sessionId !== null) this.#histories.set(sessionId, this.histories(sessionId) + 1);
    this.#log.push({ at, endpoint, projectId, sessionId, pageToken, headers, faults });
    if (this.#log.length > 2 * REMEMBERED) this.#log = this.#log.slice(-REMEMBERED);
  }

  /** Bytes of its body went out, uncompressed. */
  sent({ endpoint }: Call, bytes: number): void {
    this.#bytes[endpoint] += bytes;
  }

  /** It was answered with a status. */
  answeredWith(status: number): void {
    this.#statuses.set(status, this.answered(status) + 1);
  }
}

function zeros(): Record<Endpoint, number> {
  return Object.fromEntries(ENDPOINTS.map((endpoint) => [endpoint, 0])) as Record<Endpoint, number>;
}
