/** What the soak found, line by line. */
import { type Drift, driftOf, type Sample } from './drift.ts';
import type { Sums, Truth } from './world.ts';

export type Line = { readonly ok: boolean; readonly text: string };

/** Samples of the process that ran to the end, after it was warm. */
export type Samples = {
  /** Resident memory, MB. */
  readonly memory: readonly Sample[];
  /** Open file descriptors. */
  readonly handles: readonly Sample[];
  /** Bytes of the state's main file for each session in it. */
  readonly bytesPerSession: readonly Sample[];
};

/** Memory may differ by so much between the first and the last third: garbage comes and goes. */
const MEMORY_MB = 10;
/** A connection more or less. */
const HANDLES = 4;
/** The state has free pages that later sessions fill. */
const STATE_RATIO = 1.1;

const show = ({ from, to, perHour }: Drift, digits: number): string =>
  `${from.toFixed(digits)} -> ${to.toFixed(digits)}, ${perHour >= 0 ? '+' : ''}${perHour.toFixed(digits)} per hour`;

export function driftLines({ memory, handles, bytesPerSession }: Samples): Line[] {
  const [rss, fds, state] = [driftOf(memory), driftOf(handles), driftOf(bytesPerSession)];
  return [
    { ok: rss.to - rss.from <= MEMORY_MB, text: `memory, MB: ${show(rss, 1)}` },
    { ok: fds.to - fds.from <= HANDLES, text: `open handles: ${show(fds, 1)}` },
    { ok: state.to <= state.from * STATE_RATIO, text: `state, bytes per session: ${show(state, 0)}` },
  ];
}

/** Every count must be the truth's, but for runs of sessions that were deleted before anybody could look. */
export function countLines(counted: Sums, truth: Truth, sessions: number): Line[] {
  const names = Object.keys(counted) as (keyof Sums)[];
  const counts = names.map((name) => {
    const missing = truth.all[name] - counted[name];
    const ok = missing >= 0 && missing <= truth.lost[name];
    const bound = `${missing} fewer, of ${truth.lost[name]} in sessions deleted since`;
    return {
      ok,
      text: `${name}: counted ${counted[name]}, truth ${truth.all[name]}${missing === 0 ? '' : ` (${bound})`}`,
    };
  });
  const live = {
    ok: sessions === truth.liveSessions,
    text: `sessions: shown ${sessions}, truth ${truth.liveSessions}`,
  };
  return [...counts, live];
}
