/** Makers of thresholds: recording rules whose value an alert compares with. */
import { INSTANCES, PROJECTS } from '../levels.ts';
import type { RecordingRule } from '../rule.ts';

/** One value for every project. */
export const project = (metric: string, value: number | string, comment: string): RecordingRule => ({
  record: `project:llamacloud_${metric}:threshold`,
  expr: `${value} * ${PROJECTS}`,
  comment,
});

/** One value for every exporter. */
export const instance = (metric: string, value: number | string, comment: string): RecordingRule => ({
  record: `instance:llamacloud_${metric}:threshold`,
  expr: `${value} * ${INSTANCES}`,
  comment,
});

/** A threshold of a project that has an expression of its own. */
export const computed = (metric: string, expr: string, comment: string): RecordingRule => ({
  record: `project:llamacloud_${metric}:threshold`,
  expr,
  comment,
});
