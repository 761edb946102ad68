/** Faults of figures: list and history report the same run in different forms (durations rounded, errors in other words, figures not there yet). */
import { z } from 'zod';
import type { History, StopEvent } from '../histories/history.ts';
import type { Micros, Version } from '../world/types.ts';

const FIGURES = ['duration_ms', 'is_error', 'error', 'total_input_tokens', 'total_output_tokens', 'turns'] as const;

/** Changes the form of figures, not the runs. Its `match` decides whether it affects the list, the history or both. */
export const FiguresFault = z.strictObject({
  kind: z.literal('figures'),
  /** Only these sessions; all if left out. */
  sessions: z.array(z.string()).min(1).optional(),
  /** Durations become a multiple of so many milliseconds; null: as they are. */
  round_ms: z.number().positive().nullable().default(null),
  /** Added to durations, before rounding: milliseconds, and a share (0.0008: 0.08 %). */
  add_ms: z.number().default(0),
  add_share: z.number().default(0),
  /** Other words in place of error texts that are not empty; null: no words. Left out: as they are. */
  error: z.string().nullable().optional(),
  /** Figures that are null: for so long after the run's end, or for ever. */
  nulls: z.array(z.enum(FIGURES)).default([]),
  null_for_ms: z.number().nullable().default(null),
  /** Which half of an answer with a history. */
  half: z.enum(['both', 'metadata', 'events']).default('both'),
});
export type FiguresFault = z.output<typeof FiguresFault>;

type Values = Readonly<Record<string, unknown>>;

/** The version with its figures in the other form. `now`: by the world's clock. */
export function reformedVersion(version: Version, fault: FiguresFault, now: Micros): Version {
  if (version.metadata === null || !concerns(fault, version)) return version;
  const endedAt = version.session.runs[version.finished - 1]?.finishedAt ?? 0;
  return { ...version, metadata: reformed(version.metadata, fault, now - endedAt) };
}

/** The history with the figures of its metadata, its stops or both in the other form. */
export function reformedHistory(history: History, fault: FiguresFault, now: Micros): History {
  const { version, stops } = history;
  if (!concerns(fault, version)) return history;
  return {
    ...history,
    version: fault.half === 'events' ? version : reformedVersion(version, fault, now),
    stops: fault.half === 'metadata' ? stops : stops.map((stop) => reformedStop(stop, fault, now)),
  };
}

function reformedStop(stop: StopEvent, fault: FiguresFault, now: Micros): StopEvent {
  const { type, usage, ...own } = stop.event;
  const figures = { ...own, ...(usage as Readonly<Record<string, unknown>>) };
  const { is_error, error, ...others } = reformed(figures, fault, now - stop.finishedAt);
  return { ...stop, event: { type, is_error, error, usage: others } };
}

function concerns({ sessions }: FiguresFault, { id }: Version): boolean {
  return sessions === undefined || sessions.includes(id);
}

/** The figures in the other form. What is not among them is never added. `sinceEnd`: microseconds since the run ended. */
function reformed(values: Values, fault: FiguresFault, sinceEnd: Micros): Values {
  const found: Record<string, unknown> = { ...values };
  const { duration_ms: duration, error } = values;
  if (typeof duration === 'number') found['duration_ms'] = otherDuration(duration, fault);
  if (typeof error === 'string' && error !== '' && fault.error !== undefined) found['error'] = fault.error;
  if (fault.null_for_ms !== null && sinceEnd >= fault.null_for_ms * 1000) return found;
  for (const key of fault.nulls) if (key in found) found[key] = null;
  return found;
}

function otherDuration(duration: number, { add_ms, add_share, round_ms }: FiguresFault): number {
  const told = duration * (1 + add_share) + add_ms;
  return round_ms === null ? Math.round(told * 1e6) / 1e6 : Math.round(told / round_ms) * round_ms;
}
