import { ExporterError, TokenExpiredError } from '../../src/domain/errors.ts';
import type { Project } from '../../src/domain/project.ts';
import type { Figures, Session } from '../../src/domain/session.ts';
import type {
  Discovery,
  InvalidItem,
  OnToken,
  PageRequest,
  SessionPage,
  SessionSource,
  Stop,
} from '../../src/domain/source.ts';
import type { Clock, Micros } from '../../src/domain/time.ts';

/** Figures of a plain successful run, with what a test changes. Durations in milliseconds. */
export function figures(change: Partial<Omit<Figures, 'durationUs'>> & { durationMs?: number | null } = {}): Figures {
  const { durationMs = 1500, ...rest } = change;
  return {
    durationUs: durationMs === null ? null : durationMs * 1000,
    isError: false,
    errorHash: null,
    inputTokens: 100,
    outputTokens: 10,
    turns: 2,
    ...rest,
  };
}

/** A project of the fake API: what it lists, in the order in which it lists it. */
export type FakeProject = {
  project: Project;
  sessions: Session[];
  order: 'newest' | 'oldest' | 'id';
  invalid: InvalidItem[];
  histories: Map<string, readonly Stop[] | null>;
};

/**
 * The API as a port: keyset pages over a list that the test changes between two calls. Server time is the clock's plus `skew`.
 * `beforePage` runs before each page is answered: the place for page shifts and faults.
 */
export class FakeApi implements SessionSource {
  readonly account: string;
  readonly projects = new Map<string, FakeProject>();
  pageSize = 2;
  skew: Micros = 0;
  requests = 0;
  readonly historyRequests: string[] = [];
  /** Ids of projects whose entries in a discovery are malformed. */
  readonly unreadable = new Set<string>();
  beforePage: (request: PageRequest, nth: number) => void = () => {};
  readonly #clock: Clock;

  constructor(clock: Clock, account = 'default') {
    this.#clock = clock;
    this.account = account;
  }

  get serverTime(): Micros {
    return this.#clock.now() + this.skew;
  }

  addProject(id: string, change: Partial<Project> = {}): FakeProject {
    const project = { id, name: `name of ${id}`, organizationId: 'org', isDefault: false, createdAt: null, ...change };
    const fake: FakeProject = { project, sessions: [], order: 'newest', invalid: [], histories: new Map() };
    this.projects.set(id, fake);
    return fake;
  }

  /** Shows a session as given from now on. */
  show(projectId: string, id: string, updatedAt: Micros, run: Figures | null, errorText: string | null = null): void {
    const fake = this.fake(projectId);
    const session: Session = { id, updatedAt, run: run === null ? null : { figures: run, errorText }, indexIds: [] };
    fake.sessions = [...fake.sessions.filter((s) => s.id !== id), session];
  }

  remove(projectId: string, id: string): void {
    const fake = this.fake(projectId);
    fake.sessions = fake.sessions.filter((s) => s.id !== id);
  }

  async discover(): Promise<Discovery> {
    const projects = [...this.projects.values()].map((p) => p.project).filter(({ id }) => !this.unreadable.has(id));
    return { projects, unreadable: [...this.unreadable], serverTime: this.serverTime };
  }

  async page(request: PageRequest, signal: AbortSignal, onToken?: OnToken): Promise<SessionPage> {
    signal.throwIfAborted();
    this.requests += 1;
    this.beforePage(request, this.requests);
    const fake = this.fake(request.projectId);
    const sorted = fake.sessions.toSorted(COMPARE[fake.order]);
    const after =
      request.token === null ? sorted : sorted.filter((s) => follows(s, request.token as string, fake.order));
    const sessions = after.slice(0, this.pageSize);
    const last = sessions.at(-1);
    const more = after.length > this.pageSize && last !== undefined;
    const nextToken = more ? `${last.updatedAt}/${last.id}` : null;
    if (nextToken !== null) onToken?.(nextToken);
    return {
      sessions,
      invalid: request.token === null ? fake.invalid : [],
      nextToken,
      serverTime: this.serverTime,
      requestedAt: this.serverTime,
    };
  }

  async stops(projectId: string, sessionId: string): Promise<readonly Stop[] | null> {
    this.historyRequests.push(sessionId);
    return this.fake(projectId).histories.get(sessionId) ?? null;
  }

  /** The project as the test may change it. */
  fake(id: string): FakeProject {
    const fake = this.projects.get(id);
    if (fake === undefined) throw new ExporterError('not_found', `no project ${id}`, 'none');
    return fake;
  }
}

const COMPARE = {
  newest: (a: Session, b: Session) => b.updatedAt - a.updatedAt || (a.id < b.id ? -1 : 1),
  oldest: (a: Session, b: Session) => a.updatedAt - b.updatedAt || (a.id < b.id ? -1 : 1),
  id: (a: Session, b: Session) => (a.id < b.id ? -1 : 1),
} as const;

function follows(session: Session, token: string, order: FakeProject['order']): boolean {
  const [at, id] = token.split('/');
  if (at === undefined || id === undefined) throw new TokenExpiredError(`bad token ${token}`);
  const place: Session = { id, updatedAt: Number(at), run: null, indexIds: [] };
  return COMPARE[order](place, session) < 0;
}
