/** The shape of a catalogue entry, and the makers of the three kinds of names. */

export type MetricType = 'counter' | 'gauge' | 'histogram';

/**
 * `project`: part of the snapshot, with the labels `project_id` and `project` before the extra ones.
 * `live`: about the exporter, rendered beside the snapshot.
 */
export type MetricScope = 'project' | 'live';

/**
 * The path that shows a metric: `projects` is `/metrics/projects`, the same from every member; `exporter` is `/metrics/exporter`, about
 * one process. `/metrics` has both. The parts may be scraped by two jobs: nothing may join them by `job` or `instance`.
 */
export type MetricPart = 'projects' | 'exporter';

export type Metric = {
  readonly name: string;
  readonly type: MetricType;
  readonly scope: MetricScope;
  readonly part: MetricPart;
  readonly labels: readonly string[];
  readonly help: string;
};

/** A metric about what the API says, per project. */
export const chat = <N extends string>(name: N, type: MetricType, help: string, ...labels: string[]) =>
  ({ name: `llamacloud_chat_${name}`, type, scope: 'project', part: 'projects', labels, help }) as const;

/** A metric about the polling of one project. */
export const poll = <N extends string>(name: N, type: MetricType, help: string, ...labels: string[]) =>
  ({ name: `llamacloud_exporter_${name}`, type, scope: 'project', part: 'projects', labels, help }) as const;

/** A metric about the process. */
export const own = <N extends string>(name: N, type: MetricType, help: string, ...labels: string[]) =>
  ({ name: `llamacloud_exporter_${name}`, type, scope: 'live', part: 'exporter', labels, help }) as const;

/** A metric about the exporter with which rules join those of projects. */
export const common = <N extends string>(name: N, type: MetricType, help: string, ...labels: string[]) =>
  ({ name: `llamacloud_exporter_${name}`, type, scope: 'live', part: 'projects', labels, help }) as const;
