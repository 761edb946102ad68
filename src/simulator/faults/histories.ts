/** Faults of event histories: they lag, lose their head or tail, are rewritten, or hold odd stops. */
import { z } from 'zod';
import type { History, StopEvent } from '../histories/history.ts';
import type { Micros } from '../world/types.ts';
import { versionAfter } from '../world/versions.ts';

/** Which `stop` events, by index; negative ones count from the end. All if left out. */
const places = z.array(z.int()).min(1).optional();

export const HistoryFault = z.discriminatedUnion('kind', [
  /** The answer, or one half of it, as it was this many runs ago, or this long ago: whichever is older. */
  z.strictObject({
    kind: z.literal('history_lag'),
    runs: z.int().min(0).default(0),
    ms: z.number().min(0).default(0),
    half: z.enum(['both', 'metadata', 'events']).default('both'),
  }),
  /** This many `stop` events are missing at the head or the tail; the metadata stays. */
  z.strictObject({
    kind: z.literal('history_shortened'),
    drop: z.int().min(1),
    end: z.enum(['head', 'tail']).default('head'),
  }),
  /** Stops with other figures than the runs had. */
  z.strictObject({
    kind: z.literal('history_rewritten'),
    figures: z
      .record(z.string(), z.unknown())
      .default({ duration_ms: 1, total_input_tokens: 1, total_output_tokens: 1 }),
    places,
  }),
  z.strictObject({
    kind: z.literal('odd_stops'),
    form: z.enum(['null_usage', 'no_usage', 'text_usage', 'strings', 'negative', 'fractions', 'bare']),
    places,
  }),
  /** A history of about this many bytes, streamed. Needs a session that has run. */
  z.strictObject({ kind: z.literal('history_bytes'), bytes: z.int().min(0) }),
]);
export type HistoryFault = z.output<typeof HistoryFault>;

/** The history with the fault in it. */
export function historyWith(fault: HistoryFault, history: History, now: Micros): History {
  switch (fault.kind) {
    case 'history_lag':
      return lagging(fault, history, now);
    case 'history_shortened': {
      const { stops } = history;
      return { ...history, stops: fault.end === 'head' ? stops.slice(fault.drop) : stops.slice(0, -fault.drop) };
    }
    case 'history_rewritten':
      return onStops(history, fault.places, (stop) => rewritten(stop, fault.figures));
    case 'odd_stops':
      return onStops(history, fault.places, (stop) => odd(stop, fault.form));
    case 'history_bytes':
      return { ...history, bytes: fault.bytes };
    default:
      return fault satisfies never;
  }
}

function lagging(fault: Extract<HistoryFault, { kind: 'history_lag' }>, history: History, now: Micros): History {
  const { version, stops } = history;
  const old = stops.filter((stop) => stop.finishedAt <= now - fault.ms * 1000).length;
  const left = Math.max(0, Math.min(version.finished - fault.runs, fault.ms > 0 ? old : version.finished));
  if (left === version.finished) return history;
  return {
    ...history,
    version: fault.half === 'events' ? version : versionAfter(version.session, left),
    stops: fault.half === 'metadata' ? stops : stops.slice(0, left),
  };
}

function onStops(
  history: History,
  chosen: readonly number[] | undefined,
  change: (stop: StopEvent) => StopEvent,
): History {
  const count = history.stops.length;
  const isChosen = (place: number): boolean =>
    chosen === undefined || chosen.includes(place) || chosen.includes(place - count);
  return { ...history, stops: history.stops.map((stop, place) => (isChosen(place) ? change(stop) : stop)) };
}

function rewritten(stop: StopEvent, { is_error, error, ...usage }: Readonly<Record<string, unknown>>): StopEvent {
  const own = { ...(is_error === undefined ? {} : { is_error }), ...(error === undefined ? {} : { error }) };
  const event = { ...stop.event, ...own, usage: { ...(stop.event['usage'] as object), ...usage } };
  return { ...stop, event };
}

function odd(stop: StopEvent, form: Extract<HistoryFault, { kind: 'odd_stops' }>['form']): StopEvent {
  const { usage, ...others } = stop.event;
  const figures = Object.entries(usage as Readonly<Record<string, unknown>>);
  const each = (change: (value: number) => unknown): unknown =>
    Object.fromEntries(figures.map(([key, value]) => [key, typeof value === 'number' ? change(value) : value]));
  switch (form) {
    case 'null_usage':
      return { ...stop, event: { ...others, usage: null } };
    case 'no_usage':
      return { ...stop, event: others };
    case 'text_usage':
      return { ...stop, event: { ...others, usage: 'none' } };
    case 'strings':
      return { ...stop, event: { ...others, usage: each(String) } };
    case 'negative':
      return { ...stop, event: { ...others, usage: each((value) => -1 - value) } };
    case 'fractions':
      return { ...stop, event: { ...others, usage: each((value) => value + 0.5) } };
    case 'bare':
      return { ...stop, event: { type: 'stop' } };
    default:
      return form satisfies never;
  }
}
