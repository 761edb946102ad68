/** `once`: one full poll of every project, then the metrics as text. */
import type { Config } from '../config/types.ts';
import { SILENT, tellAll } from '../domain/observer.ts';
import { createMetrics } from '../metrics/metrics.ts';
import { FailureLog } from '../poller/maintenance/failure-log.ts';
import type { Failure } from '../poller/poller.ts';
import type { AppDeps } from './deps.ts';
import { preparePolling } from './polling.ts';
import { isShared, openState, StateLink } from './state.ts';

export type OnceProgress = {
  readonly projectsDone: number;
  /** 0 until discovery has ended. */
  readonly projects: number;
  readonly sessions: number;
};

/** `project`: its name, or the account's where discovery failed. */
export type { Failure as FailedProject } from '../poller/poller.ts';

export type OnceDeps = AppDeps & {
  readonly signal: AbortSignal;
  /**
   * Awaited with the metrics as they are before the first poll, where counters have begun that nobody has seen at 0; not called otherwise.
   * Null: they are not wanted.
   */
  readonly onZeros: ((text: string) => Promise<void>) | null;
  readonly onProgress: (progress: OnceProgress) => void;
};

/** Rejects with an ExporterError when the state cannot be opened, or with the signal's reason. */
export async function runOnce(
  config: Config,
  deps: OnceDeps,
): Promise<{ text: string; failedProjects: readonly Failure[] }> {
  const { logger, clock, signal } = deps;
  const build = { version: deps.version, revision: deps.revision, nodeVersion: process.version };
  const link = isShared(config) ? new StateLink() : null;
  const metrics = createMetrics({
    clock,
    log: logger,
    rules: config.rules,
    build,
    processMetrics: false,
    shared: link,
  });
  metrics.setIntervals({
    headSeconds: config.polling.intervalMs / 1000,
    fullSeconds: config.polling.fullSweepIntervalMs / 1000,
  });
  const progress = { projectsDone: 0, projects: 0, sessions: 0 };
  const pageRead = (_account: string, _project: string, sessions: number): void => {
    progress.sessions += sessions;
    deps.onProgress(progress);
  };
  const observer = tellAll([metrics.observer, { ...SILENT, pageRead }]);
  const failures: Failure[] = [];
  const fatal = (error: Failure['error']): void => void failures.push({ project: 'state', error });
  const { version } = deps;
  const { publisher } = metrics;
  const given = { clock, logger, version, metrics, publisher, observer, link, config: () => config, fatal, signal };
  const state = await openState(given);
  const { store } = state;
  try {
    const { createdAt } = await store.restore();
    metrics.setStateCreated(createdAt);
    const failureLog = new FailureLog(logger, clock);
    const polling = await preparePolling(
      config,
      { ...state, logger, clock, failureLog, memories: new Map(), fatal },
      new Map(),
    );
    const stopped = (): void => void polling.poller.stop();
    signal.addEventListener('abort', stopped, { once: true });
    try {
      const zeros = async (): Promise<void> => {
        if (deps.onZeros === null) return;
        await state.flush();
        await deps.onZeros(await metrics.renderOnce());
      };
      const failed = await polling.poller.round(zeros, (projectsDone, projects) => {
        Object.assign(progress, { projectsDone, projects });
        deps.onProgress(progress);
      });
      const { bytes, live, deleted } = await store.size();
      observer.stateMeasured(bytes, live, deleted);
      await state.flush();
      return { text: await metrics.renderOnce(), failedProjects: [...failures, ...failed] };
    } finally {
      await polling.end();
    }
  } finally {
    await state.close();
  }
}
