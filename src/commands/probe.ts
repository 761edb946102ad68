/** What `check` asks of the API: the projects of each account, and one page of each. */
import type { AccountConfig } from '../config/types.ts';
import { ExporterError } from '../domain/errors.ts';
import type { Project } from '../domain/project.ts';
import type { SessionPage, SessionSource } from '../domain/source.ts';
import type { Clock } from '../domain/time.ts';

type Order = 'newest first' | 'oldest first' | 'neither' | 'all at one time' | 'too few to tell';

export type PageFound = {
  readonly sessions: number;
  readonly invalid: number;
  readonly more: boolean;
  readonly order: Order;
  readonly latencyMs: number;
};

export type ProjectFound = { readonly project: Project; readonly page: PageFound | ExporterError };

export type AccountFound = {
  readonly account: AccountConfig;
  readonly latencyMs: number;
  /** Number of discovered projects, selected or not; or why there are none. */
  readonly discovered: number | ExporterError;
  readonly projects: readonly ProjectFound[];
};

export type OnProbe = (done: number, total: number, project: string) => void;

/** Tries one account. Failures are part of what is found; only the signal's reason rejects. */
export async function probe(
  account: AccountConfig,
  source: SessionSource,
  clock: Clock,
  signal: AbortSignal,
  onProbe: OnProbe,
): Promise<AccountFound> {
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
      projects[i] = { project, page: await probePage(source, project.id, clock, signal) };
      onProbe(projects.filter(Boolean).length, selected.length, project.name);
    }
  };
  await Promise.all(Array.from({ length: account.concurrency }, worker));
  return { account, latencyMs, discovered: discovery.projects.length, projects };
}

async function probePage(
  source: SessionSource,
  projectId: string,
  clock: Clock,
  signal: AbortSignal,
): Promise<PageFound | ExporterError> {
  const began = clock.elapsed();
  try {
    const page = await source.page({ projectId, token: null, priority: 'discovery' }, signal);
    return {
      sessions: page.sessions.length,
      invalid: page.invalid.length,
      more: page.nextToken !== null,
      order: orderOf(page),
      latencyMs: clock.elapsed() - began,
    };
  } catch (error) {
    return asFailure(error, signal);
  }
}

function asFailure(error: unknown, signal: AbortSignal): ExporterError {
  if (signal.aborted) throw error;
  if (error instanceof ExporterError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new ExporterError('malformed', message, 'Please report it; --log.level=debug tells more.', error);
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
