/** The database of a shared state outside of polling: `check` looks at it, `state renew` renews it. */
import { beginTotals } from '../accounting/begin.ts';
import type { Config } from '../config/types.ts';
import type { StateCheck } from '../domain/state-check.ts';
import type { DialSettings } from '../state/postgres/dial.ts';
import { inspectState } from '../state/postgres/inspect/inspect.ts';
import { renewAll } from '../state/postgres/renew-all.ts';
import { isPostgresUrl, parsePostgresUrl } from '../state/postgres/url.ts';

/** Writes nothing. Null for a state that nobody shares. */
export async function checkState(config: Config): Promise<StateCheck | null> {
  if (!isPostgresUrl(config.state.url)) return null;
  return inspectState(databaseOf(config, 'llamacloud-exporter check'), config.state.rules);
}

/** `keep`: counters continue, and only the cluster is another one. Rejects with an ExporterError. */
export async function renewState(
  config: Config,
  keep: boolean,
): Promise<{ readonly location: string; readonly projects: number }> {
  const settings = databaseOf(config, 'llamacloud-exporter state renew');
  const projects = await renewAll(settings, { keep, zeroTotals: (project) => beginTotals(project, config.rules) });
  return { location: settings.url.location, projects };
}

function databaseOf({ state }: Config, applicationName: string): DialSettings {
  return { url: parsePostgresUrl(state.url), password: state.password, applicationName };
}
