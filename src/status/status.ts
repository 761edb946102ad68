/** The status page's data: listens to events, keeps the present and the recent problems. Read this first in `status/`. */
import type { Observer } from '../domain/observer.ts';
import type { Publisher, StatusSource } from '../domain/serving.ts';
import type { MemberStatus, ProjectDetail, ProjectStatus, Status } from '../domain/status.ts';
import type { Clock, Micros } from '../domain/time.ts';
import type { ProjectView } from '../domain/view.ts';
import type { SweepCost } from './accounts.ts';
import { NO_RULES, projectDetail, type StatusRules } from './detail.ts';
import { emptyMemory, type Memory } from './memory.ts';
import { createObserver } from './observer.ts';
import { iso } from './problems.ts';
import { failedRuns, projectStatus } from './project.ts';
import { SessionLists } from './sessions/source.ts';

export type StatusSettings = {
  readonly clock: Clock;
  readonly build: { readonly version: string; readonly revision: string };
  readonly accounting: Status['accounting'];
  /** Absolute path of the state, or `:memory:`. */
  readonly stateLocation: string;
  readonly stateCreatedAt: Micros;
};

export type StatusRoom = {
  readonly observer: Observer;
  readonly publisher: Publisher;
  readonly source: StatusSource;
  readonly sessions: SessionLists;
  /** Asked at every reading; until it is set the exporter counts as not ready. */
  readonly setReady: (ready: () => boolean) => void;
  /** Asked at every reading; until it is set there are no members. */
  readonly setMembers: (members: () => readonly MemberStatus[]) => void;
  /** A reload may change how runs are counted. */
  readonly setAccounting: (accounting: Status['accounting']) => void;
  /** At the start and after a reload: budgets and teams. */
  readonly setRules: (rules: StatusRules) => void;
};

/** The start time shown is that of this call. */
export function createStatus(settings: StatusSettings): StatusRoom {
  const memory = emptyMemory(settings.clock);
  const startedAt = settings.clock.now();
  let ready: (() => boolean) | null = null;
  let members: () => readonly MemberStatus[] = () => [];
  let accounting = settings.accounting;
  let rules = NO_RULES;
  const status = (): Status => ({
    version: settings.build.version,
    revision: settings.build.revision,
    startedAt: iso(startedAt),
    now: iso(settings.clock.now()),
    ready: ready?.() ?? false,
    accounting,
    state: {
      location: settings.stateLocation,
      createdAt: iso(settings.stateCreatedAt),
      bytes: memory.stateBytes,
    },
    members: members(),
    accounts: memory.accounts.list(sweepCosts(memory), settings.clock.elapsed()),
    projects: projects(memory, accounting),
    problems: memory.problems.list(settings.clock.now()),
  });
  return {
    observer: createObserver(memory),
    publisher: createPublisher(memory),
    source: { status, project: (id) => detail(memory, id, accounting, rules) },
    sessions: new SessionLists(settings.clock, (id) => memory.views.get(id) ?? null),
    setReady: (fn) => {
      ready = fn;
    },
    setMembers: (fn) => {
      members = fn;
    },
    setAccounting: (value) => {
      accounting = value;
    },
    setRules: (value) => {
      rules = value;
    },
  };
}

function createPublisher(memory: Memory): Publisher {
  return {
    put: (view) => {
      const { id } = view.project;
      const { counters } = view.totals;
      memory.views.set(id, view);
      memory.trends.note(id, counters.runs, failedRuns(counters), memory.clock.elapsed());
    },
    drop: (projectId) => {
      memory.views.delete(projectId);
    },
  };
}

function projects(memory: Memory, accounting: Status['accounting']): readonly ProjectStatus[] {
  return [...memory.views.values()].map((view) => oneProject(memory, view, accounting));
}

function oneProject(memory: Memory, view: ProjectView, accounting: Status['accounting']): ProjectStatus {
  const { id } = view.project;
  const elapsed = memory.clock.elapsed();
  return projectStatus(
    view,
    accounting,
    memory.lastPolls.get(id) ?? null,
    memory.sweeps.status(id, elapsed),
    memory.failingHistories.of(id),
    memory.trends.hour(id, elapsed),
  );
}

function detail(
  memory: Memory,
  id: string,
  accounting: Status['accounting'],
  rules: StatusRules,
): ProjectDetail | null {
  const view = memory.views.get(id);
  if (view === undefined) return null;
  const now = memory.clock.now();
  const project = oneProject(memory, view, accounting);
  return projectDetail(view, project, accounting, {
    now,
    rules,
    problems: memory.problems.list(now),
  });
}

function sweepCosts(memory: Memory): readonly SweepCost[] {
  return [...memory.views.values()].map((view) => ({
    account: view.project.account,
    pages: memory.sweeps.pages(view.project.id),
    lastSeconds: view.polls.lastDuration.full,
  }));
}
