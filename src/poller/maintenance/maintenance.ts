/** Maintenance of the state: saves cursors and statistics, removes old rows, measures the size. */
import { setImmediate } from 'node:timers/promises';
import { ExporterError } from '../../domain/errors.ts';
import type { Progress } from '../../domain/store.ts';
import { HOUR, type Micros, SECOND } from '../../domain/time.ts';
import type { Deps } from '../context.ts';
import { PROJECTS_PER_STEP, turnBefore } from '../polling/steps.ts';
import type { Worker } from '../polling/worker.ts';
import { forgottenBefore } from '../projects/project-changes.ts';
import type { Registry } from '../projects/registry.ts';

/** Microseconds. */
const SAVE_EVERY = SECOND;
const MEASURE_EVERY = 10 * SECOND;
const PURGE_EVERY = HOUR;
/** Milliseconds between two slices of a purge. */
const PURGE_PAUSE = 20;

/** Server time now; null while it is not known: no discovery of this process has succeeded yet. */
export type ServerTime = () => Micros | null;

/** Runs until aborted. Failures of the state are reported, and tried again. Nothing is purged before server time is known. */
export async function keepUp(
  registry: Registry,
  deps: Deps,
  serverTime: ServerTime,
  signal: AbortSignal,
): Promise<void> {
  let purgedAt = Number.NEGATIVE_INFINITY;
  let measuredAt = Number.NEGATIVE_INFINITY;
  while (!signal.aborted) {
    for (const worker of registry.workers()) worker.noteDelay();
    await guarded(deps, 'cursors', () => saveProgress(registry, deps));
    if (deps.clock.elapsed() - measuredAt >= MEASURE_EVERY / 1000) {
      measuredAt = deps.clock.elapsed();
      await guarded(deps, 'size', () => measure(deps));
    }
    if (serverTime() !== null && deps.clock.elapsed() - purgedAt >= PURGE_EVERY / 1000) {
      purgedAt = deps.clock.elapsed();
      await guarded(deps, 'purge', () => purge(registry, deps, serverTime, signal));
    }
    await deps.clock.sleep(SAVE_EVERY / 1000, signal);
  }
}

/** Saves how far each project's polling has got and how it went, if that changed since the last time. */
export async function saveProgress(registry: Registry, deps: Deps): Promise<void> {
  // What is saved is read within each step: a cursor older than a commit in between, or of a worker that left, would undo another.
  let workers = registry.workers();
  for (let from = 0; from < workers.length; from += PROJECTS_PER_STEP) {
    await saveSome(workers.slice(from, from + PROJECTS_PER_STEP), registry, deps);
    await setImmediate();
    workers = registry.workers();
  }
}

/** Saves the progress of some of the workers, in one transaction. */
export async function saveSome(workers: readonly Worker[], registry: Registry, deps: Deps): Promise<void> {
  const progress = new Map<number, Progress>();
  for (const { ctx } of workers) {
    const { state } = ctx;
    const cursors = { ...state.cursors, sweep: state.sweep?.cursor() ?? state.cursors.sweep };
    const now = { cursors, stats: state.stats };
    if (!registry.isSaved(state.key, now)) progress.set(state.key, now);
  }
  if (progress.size === 0) return;
  await deps.store.saveProgress(progress);
  for (const [key, saved] of progress) registry.noteSaved(key, saved);
}

async function measure({ store, observer }: Deps): Promise<void> {
  const { bytes, live, deleted } = await store.size();
  observer.stateMeasured(bytes, live, deleted);
}

async function purge(registry: Registry, deps: Deps, serverTime: ServerTime, signal: AbortSignal): Promise<void> {
  const now = serverTime();
  if (now === null) return;
  const before = forgottenBefore(now);
  for (const [n, { ctx }] of registry.workers().entries()) {
    await turnBefore(n, deps.clock, signal);
    if (!ctx.recorder.isClosed) await untilDone(() => ctx.recorder.purge(before, now), deps, signal);
  }
  await untilDone(() => deps.store.purgeDeparted(before), deps, signal);
}

/** A slice at a time; between two of them others have the state. */
async function untilDone(slice: () => Promise<boolean>, { clock }: Deps, signal: AbortSignal): Promise<void> {
  while (!signal.aborted && (await slice())) await clock.sleep(PURGE_PAUSE, signal);
}

/** Does what can be done again later: where the state fails, that is said once, until it succeeds. */
export async function guarded(deps: Deps, task: string, work: () => Promise<void>): Promise<void> {
  const { failureLog, fatal } = deps;
  try {
    await work();
    failureLog.succeeded(NO_ACCOUNT, task);
  } catch (error) {
    if (!(error instanceof ExporterError)) throw error;
    if (error.code === 'startup') fatal(error);
    failureLog.failed('Maintenance of the state', NO_ACCOUNT, task, error, { task });
  }
}

/** The state belongs to all accounts. */
const NO_ACCOUNT = '';
