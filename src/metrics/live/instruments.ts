/** The exporter's own metrics: one prom-client instrument for each entry of the catalogue's group EXPORTER, and one for the budget of all projects. */
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { EXPORTER, type Metric, MONEY } from '../catalog.ts';

/** Seconds; up to beyond the default request timeout. */
const REQUEST_BUCKETS = [0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40];

const config = (registry: Registry, { name, help, labels }: Metric) => ({
  name,
  help,
  labelNames: [...labels],
  registers: [registry],
});

const counter = (registry: Registry, metric: Metric): Counter => new Counter(config(registry, metric));

/** A gauge without labels is absent until it is set: prom-client would begin at a false 0. */
function gauge(registry: Registry, metric: Metric): Gauge {
  const made = new Gauge(config(registry, metric));
  if (metric.labels.length === 0) made.remove();
  return made;
}

const requestDuration = (registry: Registry): Histogram =>
  new Histogram({ ...config(registry, EXPORTER.requestDuration), buckets: REQUEST_BUCKETS });

export type Instruments = ReturnType<typeof createInstruments>;

/** Makes all instruments in `registry`, in the order of the catalogue. */
export function createInstruments(registry: Registry) {
  return {
    buildInfo: gauge(registry, EXPORTER.buildInfo),
    pollInterval: gauge(registry, EXPORTER.pollInterval),
    pages: counter(registry, EXPORTER.pages),
    sessionsSeen: counter(registry, EXPORTER.sessionsSeen),
    historyBytes: counter(registry, EXPORTER.historyBytes),
    discoveryUp: gauge(registry, EXPORTER.discoveryUp),
    discoveryLastSuccess: gauge(registry, EXPORTER.discoveryLastSuccess),
    projects: gauge(registry, EXPORTER.projects),
    requests: counter(registry, EXPORTER.requests),
    requestDuration: requestDuration(registry),
    retries: counter(registry, EXPORTER.retries),
    rateLimit: gauge(registry, EXPORTER.rateLimit),
    stateSessions: gauge(registry, EXPORTER.stateSessions),
    stateSize: gauge(registry, EXPORTER.stateSize),
    stateCreated: gauge(registry, EXPORTER.stateCreated),
    stateWriteErrors: counter(registry, EXPORTER.stateWriteErrors),
    snapshotSize: gauge(registry, EXPORTER.snapshotSize),
    snapshotSeries: gauge(registry, EXPORTER.snapshotSeries),
    snapshotTimestamp: gauge(registry, EXPORTER.snapshotTimestamp),
    reloadSuccessful: gauge(registry, EXPORTER.reloadSuccessful),
    reloadTimestamp: gauge(registry, EXPORTER.reloadTimestamp),
    totalBudget: gauge(registry, MONEY.totalBudget),
  } satisfies Record<keyof typeof EXPORTER | 'totalBudget', Counter | Gauge | Histogram>;
}
