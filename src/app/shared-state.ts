/** The database of a shared state outside of polling: `check` looks at it, `state renew` renews it. */
import { hostname } from 'node:os';
import { beginTotals } from '../accounting/begin.ts';
import type { Config } from '../config/types.ts';
import type { PolledProject } from '../domain/project.ts';
import type { StateCheck } from '../domain/state-check.ts';
import type { Totals } from '../domain/totals.ts';
import type { DialSettings } from '../state/postgres/dial.ts';
import { inspectState } from '../state/postgres/inspect/inspect.ts';
import { renewPostgres } from '../state/postgres/renew.ts';
import { parsePostgresUrl } from '../state/postgres/url.ts';
import type { AppDeps } from './deps.ts';
import { isShared } from './state.ts';

/** Writes nothing. Null for a state that nobody shares. */
export async function checkState(config: Config): Promise<StateCheck | null> {
  if (!isShared(config)) return null;
  return inspectState(databaseOf(config, 'llamacloud-exporter check'), config.state.rules);
}

/** `keep`: counters continue, and only the cluster is another one. Rejects with an ExporterError. */
export async function renewState(
  config: Config,
  deps: AppDeps,
  keep: boolean,
): Promise<{ readonly location: string; readonly projects: number }> {
  const { url, memberName, password } = config.state;
  const { clock, logger, version } = deps;
  const zeroTotals = (project: PolledProject): Totals => beginTotals(project, config.rules);
  const name = memberName ?? hostname();
  const projects = await renewPostgres(url, { clock, logger, name, version, password, zeroTotals, keep });
  return { location: parsePostgresUrl(url).location, projects };
}

function databaseOf({ state }: Config, applicationName: string): DialSettings {
  return { url: parsePostgresUrl(state.url), password: state.password, applicationName };
}
