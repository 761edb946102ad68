/** The LlamaCloud API as a port: a list and histories that the test changes between two calls, with faults where it wants them. */
import { ExporterError, TokenExpiredError } from '../../src/domain/errors.ts';
import type { Project } from '../../src/domain/project.ts';
import type { Figures, Run, Session } from '../../src/domain/session.ts';
import type {
  Discovery,
  HistoryAnswer,
  HistoryRequest,
  InvalidItem,
  OnToken,
  PageRequest,
  SessionPage,
  SessionSource,
} from '../../src/domain/source.ts';
import type { Clock, Micros } from '../../src/domain/time.ts';
import { type FakeHistory, hanging, NO_CHANGES, stopsOf } from './fake-history.ts';

export { figures } from './fake-history.ts';

/** A project of the fake API: what it lists, in the order in which it lists it. */
export type FakeProject = {
  project: Project;
  sessions: Session[];
  order: 'newest' | 'oldest' | 'id';
  /** Dropped items of the first page. */
  invalid: InvalidItem[];
  /** Histories that differ from the default: the one run that the list shows. */
  histories: Map<string, FakeHistory>;
};

/**
 * Keyset pages over a list that the test changes between two calls. Server time is the clock's plus `skew`.
 * `beforePage` runs before each page is answered: the place for page shifts and faults.
 */
export class FakeApi implements SessionSource {
  readonly account: string;
  readonly projects = new Map<string, FakeProject>();
  pageSize = 2;
  skew: Micros = 0;
  requests = 0;
  readonly historyRequests: string[] = [];
  /** Histories on their way now, and the most there ever were. */
  inFlight = 0;
  mostInFlight = 0;
  /** Ids of projects whose entries in a discovery are malformed. */
  readonly unreadable = new Set<string>();
  beforePage: (request: PageRequest, nth: number) => void = () => {};
  beforeDiscovery: () => void = () => {};
  /** Runs before each history is answered, and may hold it back. */
  beforeHistory: (request: HistoryRequest) => Promise<void> | void = () => {};
  /** What `waited` answers, milliseconds. */
  waitedMs = 0;
  readonly #clock: Clock;

  constructor(clock: Clock, account = 'default') {
    this.#clock = clock;
    this.account = account;
  }

  shareLimit(): void {}

  waited(): number {
    return this.waitedMs;
  }

  serverTime(): Micros {
    return this.#clock.now() + this.skew;
  }

  addProject(id: string, change: Partial<Project> = {}): FakeProject {
    const project = { id, name: `name of ${id}`, organizationId: 'org', isDefault: false, createdAt: null, ...change };
    const fake: FakeProject = { project, sessions: [], order: 'newest', invalid: [], histories: new Map() };
    this.projects.set(id, fake);
    return fake;
  }

  /** The list shows a session as given from now on. */
  show(projectId: string, id: string, updatedAt: Micros, run: Figures | null, errorText: string | null = null): void {
    const fake = this.fake(projectId);
    const session: Session = { id, updatedAt, run: run === null ? null : { figures: run, errorText }, indexIds: [] };
    fake.sessions = [...fake.sessions.filter((s) => s.id !== id), session];
  }

  /** The history of a session is as given from now on; what is left out stays. */
  tell(projectId: string, id: string, change: Partial<FakeHistory>): void {
    const { histories } = this.fake(projectId);
    histories.set(id, { ...NO_CHANGES, ...histories.get(id), ...change });
  }

  /** The session ran: the list shows the newest run, the history has all of them. */
  ran(projectId: string, id: string, updatedAt: Micros, ...runs: readonly Figures[]): void {
    this.show(projectId, id, updatedAt, runs.at(-1) ?? null);
    this.tell(projectId, id, { stops: stopsOf(runs), session: null });
  }

  remove(projectId: string, id: string): void {
    const fake = this.fake(projectId);
    fake.sessions = fake.sessions.filter((s) => s.id !== id);
  }

  async discover(): Promise<Discovery> {
    this.beforeDiscovery();
    const projects = [...this.projects.values()].map((p) => p.project).filter(({ id }) => !this.unreadable.has(id));
    return { projects, unreadable: [...this.unreadable], serverTime: this.serverTime() };
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
      serverTime: this.serverTime(),
      requestedAt: this.serverTime(),
      fault: null,
    };
  }

  async history(request: HistoryRequest, signal: AbortSignal): Promise<HistoryAnswer> {
    this.historyRequests.push(request.sessionId);
    this.inFlight += 1;
    this.mostInFlight = Math.max(this.mostInFlight, this.inFlight);
    try {
      await this.beforeHistory(request);
      signal.throwIfAborted();
      return await this.#answer(request, signal);
    } finally {
      this.inFlight -= 1;
    }
  }

  async #answer({ projectId, sessionId }: HistoryRequest, signal: AbortSignal): Promise<HistoryAnswer> {
    const fake = this.fake(projectId);
    const { fault, stops, session, bytes } = fake.histories.get(sessionId) ?? NO_CHANGES;
    if (fault === 'hang') return await hanging(signal);
    if (fault !== null) return { bytes, error: fault };
    const shown = session ?? fake.sessions.find((s) => s.id === sessionId);
    if (shown === undefined) return { bytes, error: new ExporterError('not_found', `no ${sessionId}`, 'none') };
    const byDefault: readonly Run[] = shown.run === null ? [] : [shown.run];
    return { bytes, history: { session: shown, stops: stops ?? byDefault } };
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
