/** The `process_*` and `nodejs_*` metrics of prom-client. */
import { collectDefaultMetrics, Registry } from 'prom-client';

/** Gauges whose names end like a counter's, which `promtool check metrics` rejects. */
const REJECTED = ['nodejs_active_handles_total', 'nodejs_active_requests_total', 'nodejs_active_resources_total'];

/** prom-client's `process_*` and `nodejs_*` metrics in a registry of their own. */
export function processRegistry(): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  for (const name of REJECTED) registry.removeSingleMetric(name);
  return registry;
}
