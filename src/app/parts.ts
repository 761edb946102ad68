/** The parts of the exporter that last as long as the process, and know each other from the start. */
import type { Config } from '../config/types.ts';
import { fixedWebConfig, watchWebConfig } from '../config/web/watch.ts';
import { type Observer, tellAll } from '../domain/observer.ts';
import type { Publisher, WebConfigSource } from '../domain/serving.ts';
import type { Micros } from '../domain/time.ts';
import { createMetrics, type Metrics } from '../metrics/metrics.ts';
import { FailureLog } from '../poller/maintenance/failure-log.ts';
import { createStatus, type StatusRoom } from '../status/status.ts';
import { createWeb, type Web } from '../web/web.ts';
import type { AppDeps } from './deps.ts';
import { publishToAll } from './publishers.ts';
import { isShared, StateLink } from './state.ts';

export type Parts = {
  readonly metrics: Metrics;
  readonly status: StatusRoom;
  readonly webConfig: WebConfigSource;
  readonly web: Web;
  /** Tells metrics and status. */
  readonly observer: Observer;
  /** Hands to metrics and status. */
  readonly publisher: Publisher;
  readonly failureLog: FailureLog;
  /** Null: this process has the state for itself. */
  readonly link: StateLink | null;
  /** Where the state lies and since when, as the status page shows it: known for sure once the state is open. */
  readonly state: { location: string; createdAt: Micros };
};

/** Makes the parts; nothing listens yet, but the web configuration is read. `reload`: what POST /-/reload does. */
export function assemble(config: Config, deps: AppDeps, reload: () => Promise<void>): Parts {
  const { logger, clock, version, revision } = deps;
  const build = { version, revision, nodeVersion: process.version };
  const link = isShared(config) ? new StateLink() : null;
  const metrics = createMetrics({ clock, log: logger, rules: config.rules, build, processMetrics: true, shared: link });
  const state = { location: config.state.shown, createdAt: clock.now() };
  const status = createStatus({
    clock,
    build,
    accounting: config.rules.accounting,
    get stateLocation() {
      return state.location;
    },
    get stateCreatedAt() {
      return state.createdAt;
    },
  });
  const { source } = metrics;
  status.setReady(() => source.ready() && (link === null || link.isCurrent()));
  if (link !== null) status.setMembers(() => link.facts()?.members ?? []);
  const { configFile } = config.web;
  const webConfig = configFile === null ? fixedWebConfig() : watchWebConfig(configFile, logger, clock);
  const served = {
    snapshot: source,
    status: status.source,
    sessions: status.sessions,
    lifecycle: { reload },
    webConfig,
    logger,
    version,
  };
  return {
    metrics,
    status,
    link,
    webConfig,
    web: createWeb(config.web, served),
    observer: tellAll([metrics.observer, status.observer]),
    publisher: publishToAll([metrics.publisher, status.publisher]),
    failureLog: new FailureLog(logger, clock),
    state,
  };
}
