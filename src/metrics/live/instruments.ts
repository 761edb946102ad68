/** The metrics of the process: one prom-client instrument for each entry of the catalogue's group EXPORTER that the exporter part shows. */
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { EXPORTER, type Metric } from '../catalog.ts';

/** Seconds; up to beyond the default request timeout. */
const REQUEST_BUCKETS = [0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40];

const config = (registry: Registry, { name, help, labels }: Metric) => ({
  name,
  help,
  labelNames: [...labels],
  registers: [registry],
});

export const counter = (registry: Registry, metric: Metric): Counter => new Counter(config(registry, metric));

/** A gauge without labels is absent until it is set: prom-client would begin at a false 0. */
export function gauge(registry: Registry, metric: Metric): Gauge {
  const made = new Gauge(config(registry, metric));
  if (metric.labels.length === 0) made.remove();
  return made;
}

export const histogram = (registry: Registry, metric: Metric, buckets: readonly number[]): Histogram =>
  new Histogram({ ...config(registry, metric), buckets: [...buckets] });

/** The entries that the exporter part shows; the others are rendered from facts. */
type OwnKey = {
  [K in keyof typeof EXPORTER]: (typeof EXPORTER)[K]['part'] extends 'exporter' ? K : never;
}[keyof typeof EXPORTER];

export type Instruments = ReturnType<typeof createInstruments>;

/** Makes all instruments in `registry`, in the order of the catalogue. */
export function createInstruments(registry: Registry) {
  return {
    buildInfo: gauge(registry, EXPORTER.buildInfo),
    pages: counter(registry, EXPORTER.pages),
    sessionsSeen: counter(registry, EXPORTER.sessionsSeen),
    historyBytes: counter(registry, EXPORTER.historyBytes),
    requests: counter(registry, EXPORTER.requests),
    requestDuration: histogram(registry, EXPORTER.requestDuration, REQUEST_BUCKETS),
    retries: counter(registry, EXPORTER.retries),
    rateLimit: gauge(registry, EXPORTER.rateLimit),
    stateWriteErrors: counter(registry, EXPORTER.stateWriteErrors),
    snapshotSize: gauge(registry, EXPORTER.snapshotSize),
    snapshotSeries: gauge(registry, EXPORTER.snapshotSeries),
    snapshotTimestamp: gauge(registry, EXPORTER.snapshotTimestamp),
    reloadSuccessful: gauge(registry, EXPORTER.reloadSuccessful),
    reloadTimestamp: gauge(registry, EXPORTER.reloadTimestamp),
  } satisfies Record<OwnKey, Counter | Gauge | Histogram>;
}
