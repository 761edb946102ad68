/** The event history of a session as data: one `stop` event for each run that ended. `text.ts` makes its JSON. */
import type { FinishedRun, Micros, Version } from '../world/types.ts';

/** The event that ends a run, as it is shown. */
export interface StopEvent {
  /** Which run of the session, from 0. */
  readonly place: number;
  readonly finishedAt: Micros;
  readonly event: Readonly<Record<string, unknown>>;
}

/** A full session as it is shown: its own metadata, and its runs. Faults change it before it becomes text. */
export interface History {
  readonly version: Version;
  readonly stops: readonly StopEvent[];
  /** Wanted size in bytes; 0 for a natural size. */
  readonly bytes: number;
}

/** The history of a session as a version has it: one stop for each run that had ended. */
export function historyOf(version: Version): History {
  const { runs, historyBytes } = version.session;
  const stops = runs.slice(0, version.finished).map((run, place) => stopOf(run, place));
  return { version, stops, bytes: historyBytes };
}

/** The event that ends a run and tells its usage: the figures of the list, key by key. */
function stopOf({ figures, finishedAt }: FinishedRun, place: number): StopEvent {
  const { is_error, error, ...usage } = figures;
  return { place, finishedAt, event: { type: 'stop', is_error, error, usage } };
}
