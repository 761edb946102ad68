/** The requests of `check`: the projects of each account, one page of each, and with `every_run` one history of that page. */
import type { AccountConfig } from '../../config/types.ts';
import { ExporterError } from '../../domain/errors.ts';
import type { Project } from '../../domain/project.ts';
import type { Rules } from '../../domain/rules.ts';
import type { SessionPage, SessionSource } from '../../domain/source.ts';
import { type Clock, MINUTE, type Micros } from '../../domain/time.ts';

type Order = 'newest first' | 'oldest first' | 'neither' | 'all at one time' | 'too few to tell';

export type PageFound = {
  readonly sessions: number;
  readonly invalid: number;
  readonly more: boolean;
  readonly order: Order;
  readonly latencyMs: number;
  /** Sessions of the page that were updated within `ACTIVE` before the answer. */
  readonly active: number;
};

/** A session counts as active for this long after its last update; as long as one may stay unverified without being due (docs/accounting.md, H4). */
export const ACTIVE: Micros = 5 * MINUTE;

/** `bytes`: after decompression. */
export type HistoryFound = { readonly runs: number; readonly bytes: number; readonly latencyMs: number };

export type ProjectFound = {
  readonly project: Project;
  readonly page: PageFound | ExporterError;
  /** Null: not read, with `last_run` or where no session of the page has run. */
  readonly history: HistoryFound | ExporterError | null;
};

export type AccountFound = {
  readonly account: AccountConfig;
  readonly latencyMs: number;
  /** Number of discovered projects, selected or not; or why there are none. */
  readonly discovered: number | ExporterError;
  readonly projects: readonly ProjectFound[];
};

/** What the probing of one account needs. */
export type Probing = {
  readonly source: SessionSource;
  readonly accounting: Rules['accounting'];
  readonly clock: Clock;
  readonly signal: AbortSignal;
};

export type OnProbe = (done: number, total: number, project: string) => void;

/** Tries one account. Failures are part of what is found; only the signal's reason rejects. */
export async function probe(account: AccountConfig, probing: Probing, onProbe: OnProbe): Promise<AccountFound> {
  const { source, clock, signal } = probing;
  const began = clock.elapsed();
  const discovery = await source.discover(signal).catch((error: unknown) => asFailure(error, signal));
  const latencyMs = clock.elapsed() - began;
  if (discovery instanceof ExporterError) return { account, latencyMs, discovered: discovery, projects: [] };
  const selected = discovery.projects.filter(account.selects);
  const projects: ProjectFound[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let i = next++; i < selected.length; i = next++) {
      const project = selected[i] as Project;
      projects[i] = await probeProject(project, probing);
      onProbe(projects.filter(Boolean).length, selected.length, project.name);
    }
  };
  await Promise.all(Array.from({ length: account.concurrency }, worker));
  return { account, latencyMs, discovered: discovery.projects.length, projects };
}

async function probeProject(project: Project, probing: Probing): Promise<ProjectFound> {
  const { source, accounting, clock, signal } = probing;
  const began = clock.elapsed();
  try {
    const page = await source.page({ projectId: project.id, token: null, priority: 'head' }, signal);
    if (page.fault !== null) return { project, page: page.fault, history: null };
    const found = pageFound(page, clock.elapsed() - began);
    const history = accounting === 'every_run' ? await probeHistory(project.id, page, probing) : null;
    return { project, page: found, history };
  } catch (error) {
    return { project, page: asFailure(error, signal), history: null };
  }
}

function pageFound(page: SessionPage, latencyMs: number): PageFound {
  return {
    sessions: page.sessions.length,
    invalid: page.invalid.length,
    more: page.nextToken !== null,
    order: orderOf(page),
    latencyMs,
    active: page.sessions.filter(({ updatedAt }) => updatedAt > page.serverTime - ACTIVE).length,
  };
}

/** The history of the session that ran last: an active one, as verification reads them. */
async function probeHistory(
  projectId: string,
  { sessions }: SessionPage,
  { source, clock, signal }: Probing,
): Promise<HistoryFound | ExporterError | null> {
  const [newest] = sessions.filter(({ run }) => run !== null).toSorted((a, b) => b.updatedAt - a.updatedAt);
  if (newest === undefined) return null;
  const began = clock.elapsed();
  const answer = await source.history({ projectId, sessionId: newest.id }, signal);
  const latencyMs = clock.elapsed() - began;
  return 'error' in answer
    ? withHistoryFix(answer.error)
    : { runs: answer.history.stops.length, bytes: answer.bytes, latencyMs };
}

/** Whoever may not read histories, or has an API without them, can still count what the list shows. */
function withHistoryFix(error: ExporterError): ExporterError {
  const { code, message, cause } = error;
  if (code === 'forbidden' || code === 'unauthorized') {
    const fix = 'Set accounting: last_run to count without event histories, or use a key that may read sessions.';
    return new ExporterError(code, message, fix, cause);
  }
  if (code !== 'not_found') return error;
  const fix = 'Run check again, in case the session was just deleted; else set accounting: last_run.';
  return new ExporterError(code, message, fix, cause);
}

function asFailure(error: unknown, signal: AbortSignal): ExporterError {
  if (signal.aborted) throw error;
  if (error instanceof ExporterError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new ExporterError('malformed', message, 'Please report it; --log.level=debug shows more.', error);
}

/** The order of a page by last_updated_at. */
function orderOf({ sessions }: SessionPage): Order {
  const times = sessions.map((session) => session.updatedAt);
  if (times.length < 2) return 'too few to tell';
  const steps = times.slice(1).map((time, i) => time - (times[i] ?? time));
  if (steps.every((step) => step === 0)) return 'all at one time';
  if (steps.every((step) => step <= 0)) return 'newest first';
  return steps.every((step) => step >= 0) ? 'oldest first' : 'neither';
}
