/** A poller made from a configuration: what `serve`, its reloads and `once` have in common. */
import type { Config } from '../config/types.ts';
import type { ExporterError } from '../domain/errors.ts';
import type { Observer } from '../domain/observer.ts';
import type { Replicas } from '../domain/replicas.ts';
import type { Publisher } from '../domain/serving.ts';
import type { Store } from '../domain/store.ts';
import type { Carried, Timing } from '../poller/context.ts';
import type { FailureLog } from '../poller/maintenance/failure-log.ts';
import { whileAlive } from '../poller/ownership/alive.ts';
import { Poller } from '../poller/poller.ts';
import type { Memories, OpenPlan, SourceParts } from './sources.ts';
import { createPlans } from './sources.ts';

/** What outlives a reload. */
export type Lasting = SourceParts & {
  readonly store: Store;
  readonly publisher: Publisher;
  /** Null: this process has the state for itself. */
  readonly replicas: Replicas | null;
  readonly observer: Observer;
  readonly failureLog: FailureLog;
  readonly memories: Memories;
  readonly fatal: (error: ExporterError) => void;
};

/** A poller with its sources; `end` stops both, once, and answers the statistics to carry over. */
export type Polling = { readonly poller: Poller; readonly end: () => Promise<ReadonlyMap<string, Carried>> };

/** Publishes what the state knows under the configuration; polling is not started. */
export async function preparePolling(
  config: Config,
  lasting: Lasting,
  stats: ReadonlyMap<string, Carried>,
): Promise<Polling> {
  const plans = createPlans(config, lasting, lasting.observer, lasting.memories);
  try {
    const poller = await restorePoller(config, lasting, plans, stats);
    let ended: ReturnType<Polling['end']> | null = null;
    return { poller, end: () => (ended ??= end(poller, plans)) };
  } catch (error) {
    await closeAll(plans); // a reload that the state refuses is tried again and again
    throw error;
  }
}

async function restorePoller(
  config: Config,
  lasting: Lasting,
  plans: readonly OpenPlan[],
  stats: ReadonlyMap<string, Carried>,
): Promise<Poller> {
  const { replicas } = lasting;
  const deps = { ...lasting, rules: config.rules, timing: timingOf(config) };
  const restored = await lasting.store.restore();
  const poller = new Poller(
    plans.map(({ plan }) => (replicas === null ? plan : { ...plan, source: whileAlive(plan.source, replicas) })),
    deps,
    restored,
    stats,
    replicas,
  );
  await poller.restore();
  return poller;
}

async function closeAll(plans: readonly OpenPlan[]): Promise<void> {
  await Promise.all(plans.map((open) => open.close()));
}

async function end(poller: Poller, plans: readonly OpenPlan[]): Promise<ReadonlyMap<string, Carried>> {
  const stats = await poller.stop();
  await closeAll(plans);
  return stats;
}

/** Milliseconds of the configuration in microseconds. */
function timingOf({ polling }: Config): Timing {
  return {
    poll: polling.intervalMs * 1000,
    fullSweep: polling.fullSweepIntervalMs * 1000,
    discovery: polling.discoveryIntervalMs * 1000,
    staleAfter: polling.staleAfterMs * 1000,
  };
}
