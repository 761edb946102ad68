/** Maintenance of the state: saves cursors and statistics, removes old rows, measures the size. */
import { setImmediate } from 'node:timers/promises';
import { ExporterError } from '../../domain/errors.ts';
import type { Progress } from '../../domain/store.ts';
import { SECOND } from '../../domain/time.ts';
import type { Deps } from '../context.ts';
import { PROJECTS_PER_STEP } from '../polling/steps.ts';
import type { Worker } from '../polling/worker.ts';
import type { Registry } from '../projects/registry.ts';
import { type PurgeTimes, Purging } from './purging.ts';

/** Microseconds. */
const SAVE_EVERY = SECOND;
const MEASURE_EVERY = 10 * SECOND;

/** Runs until aborted. Failures of the state are reported, and tried again. */
export async function keepUp(registry: Registry, deps: Deps, times: PurgeTimes, signal: AbortSignal): Promise<void> {
  const purging = new Purging(registry, deps, times);
  let measuredAt = Number.NEGATIVE_INFINITY;
  while (!signal.aborted) {
    for (const worker of registry.workers()) worker.noteDelay();
    await guarded(deps, 'cursors', () => saveProgress(registry, deps));
    if (deps.clock.elapsed() - measuredAt >= MEASURE_EVERY / 1000) {
      measuredAt = deps.clock.elapsed();
      await guarded(deps, 'size', () => measure(deps));
    }
    if (purging.isDue) await guarded(deps, 'purge', () => purging.run(signal));
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
