/** The true figures of sessions, projects and the world, which the exporter's are compared with; computed when asked. */
import type { Project } from './projects.ts';
import { hasFailed } from './runs.ts';
import type { FailureCause, FinishedRun, Metadata, Micros, Session } from './types.ts';
import type { World } from './world.ts';

/** Sums over finished runs. Nulls add nothing. The cost of runs is their tokens times a price, so only tokens are reported. */
interface RunSums {
  runs: number;
  failed_runs: number;
  runs_without_usage: number;
  input_tokens: number;
  output_tokens: number;
  turns: number;
  duration_ms: number;
  /** Failed runs by cause, as the world knows it; failures without a known cause are not in it. */
  causes: Partial<Record<FailureCause, number>>;
}

/** The true figures of a project, computed from its sessions and independent of any accounting. */
export interface ProjectTruth extends RunSums {
  readonly id: string;
  readonly name: string;
  readonly removed: boolean;
  readonly sessions: { live: number; deleted: number; ok: number; error: number; never_run: number };
  /** Runs in progress now. */
  readonly runs_in_progress: number;
  /** Sums over the last finished run of each live session. */
  readonly last_runs: RunSums & { duration_max_ms: number | null };
  /** Newest `last_updated_at` of the live sessions; null without any. */
  readonly last_activity: Micros | null;
}

/** What is true of one session. */
export interface SessionTruth {
  readonly id: string;
  readonly projectId: string;
  readonly deleted: boolean;
  readonly createdAt: Micros;
  /** The time shown last, be it deleted since. */
  readonly updatedAt: Micros;
  readonly running: boolean;
  /** All finished runs, oldest first. */
  readonly runs: readonly FinishedRun[];
  /** `job_metadata` as it is now. */
  readonly metadata: Metadata | null;
}

/** The truth of one session. */
export function sessionTruth(session: Session): SessionTruth {
  const version = session.current ?? session.previous;
  return {
    id: session.id,
    projectId: session.projectId,
    deleted: session.current === null,
    createdAt: session.createdAt,
    updatedAt: version?.updatedAt ?? session.createdAt,
    running: session.running !== null,
    runs: session.runs,
    metadata: version?.metadata ?? null,
  };
}

/**
 * The truth of a project.
 * @param since only runs that finished at or after this moment are summed (the gauges are not limited)
 */
export function projectTruth(project: Project, since: Micros = 0): ProjectTruth {
  const all = noRuns();
  const last = { ...noRuns(), duration_max_ms: null as number | null };
  const sessions = { live: 0, deleted: 0, ok: 0, error: 0, never_run: 0 };
  let running = 0;
  let lastActivity: Micros | null = null;
  for (const session of project.sessions) {
    for (const run of session.runs) if (run.finishedAt >= since) add(all, run);
    sessions[session.current === null ? 'deleted' : 'live'] += 1;
    if (session.running !== null) running += 1;
    if (session.current === null) continue;
    lastActivity = Math.max(lastActivity ?? 0, session.current.updatedAt);
    const latest = session.runs.at(-1);
    sessions[latest === undefined ? 'never_run' : hasFailed(latest.figures) ? 'error' : 'ok'] += 1;
    if (latest === undefined) continue;
    add(last, latest);
    last.duration_max_ms = largest(last.duration_max_ms, latest.figures.duration_ms);
  }
  const { id, name, removed } = project;
  return {
    id,
    name,
    removed,
    ...all,
    runs_in_progress: running,
    sessions,
    last_runs: last,
    last_activity: lastActivity,
  };
}

/** The truth of all projects, removed ones included. */
export function worldTruth(world: World, since: Micros = 0): ProjectTruth[] {
  return world.projects.all().map((project) => projectTruth(project, since));
}

function noRuns(): RunSums {
  return {
    runs: 0,
    failed_runs: 0,
    runs_without_usage: 0,
    input_tokens: 0,
    output_tokens: 0,
    turns: 0,
    duration_ms: 0,
    causes: {},
  };
}

function add(sums: RunSums, { figures, cause }: FinishedRun): void {
  sums.runs += 1;
  if (hasFailed(figures)) sums.failed_runs += 1;
  if ((figures.total_input_tokens ?? null) === null || (figures.total_output_tokens ?? null) === null) {
    sums.runs_without_usage += 1;
  }
  sums.input_tokens += figures.total_input_tokens ?? 0;
  sums.output_tokens += figures.total_output_tokens ?? 0;
  sums.turns += figures.turns ?? 0;
  sums.duration_ms += figures.duration_ms ?? 0;
  if (cause !== null) sums.causes[cause] = (sums.causes[cause] ?? 0) + 1;
}

function largest(known: number | null, next: number | null | undefined): number | null {
  if (next === null || next === undefined) return known;
  return known === null ? next : Math.max(known, next);
}
