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
