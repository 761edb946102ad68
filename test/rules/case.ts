/** One alert, the moment at which it fires, and what must leave it silent. */
import type { Series } from './series.ts';

/** Situations in which each alert must stay silent, or say why it cannot be in one. */
export const SITUATIONS = [
  'a young project',
  'a small project',
  'users cancel',
  'stale data',
  'the exporter restarts',
  'counters begin again',
  'the project leaves',
  'two projects of one name',
  'Prometheus has no past',
] as const;
export type Situation = (typeof SITUATIONS)[number];

/** `as`: the situation that the case stands for. */
export type SilentCase = { readonly name: string; readonly series: Series; readonly as?: Situation };

export type AlertCase = {
  readonly alert: string;
  /** Minutes between two samples, and between two evaluations. */
  readonly step: 1 | 10 | 30;
  /** What differs from the healthy world. */
  readonly series: Series;
  /** Minute of the first evaluation at which the condition holds. */
  readonly since: number;
  /** Minutes for which it must hold. */
  readonly for: number;
  readonly severity: 'critical' | 'warning' | 'info';
  /** Labels of the alert beside its severity; all that it carries. */
  readonly labels: Readonly<Record<string, string>>;
  readonly summary: string;
  readonly description: string;
  /** What differs in the labels of others that fire at the same time; their texts differ in the same words. */
  readonly also?: readonly Readonly<Record<string, string>>[];
  readonly silent: readonly SilentCase[];
};

/** Minute at which the alert fires: the first evaluation at which the condition has held long enough. */
export function firesAt(item: AlertCase): number {
  return item.since + Math.ceil(item.for / item.step) * item.step;
}

/** A situation, told to all rules at once. */
export type World = {
  readonly name: string;
  readonly minutes: number;
  /** Situations that it shows, for every alert whose series it has. */
  readonly shows: readonly Situation[];
  /** The whole world, or what differs from the healthy one; samples every minute. */
  readonly series: Series;
  /** Recorded series that it gives itself. */
  readonly given: readonly string[];
  /** Alerts that fire at some time, with the number of their label sets. All others stay silent. */
  readonly fires: Readonly<Record<string, number>>;
};
