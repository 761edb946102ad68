/** How the agents of a project behave: how often people come, how they talk, how runs end. */
import type { FailureCause } from '../world/types.ts';

/** How the agents of a project behave: rates as in life (speed 1), durations in milliseconds. */
export interface Temper {
  /** People who come per hour. Most of them begin a conversation; the others only open, update or delete a session. */
  readonly arrivalsPerHour: number;
  /** Of the conversations, the share in a new session; the others are in an old one. */
  readonly newSessionShare: number;
  /** Share of arrivals that only open a session, only update one, delete one. */
  readonly neverRunShare: number;
  readonly touchShare: number;
  readonly deleteShare: number;
  /** Mean number of runs in a burst (a burst has 1 to 10), and the median pause between them (seconds to minutes). */
  readonly runsInARow: number;
  readonly pauseMs: number;
  /** Share of bursts after which the person comes back for another one, and the mean rest until then. */
  readonly returnShare: number;
  readonly restMs: number;
  /** Median and log-deviation of a run's duration. */
  readonly durationMs: number;
  readonly durationSigma: number;
  /** Medians of tokens per turn, their log-deviation, and the mean of turns. */
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly tokenSigma: number;
  readonly turns: number;
  readonly failureShare: number;
  /** Share of runs that tell no token counts. */
  readonly withoutUsageShare: number;
  /** How failures spread over their causes, by weight. */
  readonly causes: Readonly<Partial<Record<FailureCause, number>>>;
}

const EVERY_CAUSE = {
  rate_limited: 5,
  timeout: 5,
  context_length: 3,
  authentication: 1,
  index_unavailable: 2,
  cancelled: 3,
  content_filter: 1,
  internal: 3,
  other: 2,
  unknown: 1,
} as const;

/** A calm project of middling use. */
export const STEADY: Temper = {
  arrivalsPerHour: 45,
  newSessionShare: 0.4,
  neverRunShare: 0.05,
  touchShare: 0.05,
  deleteShare: 0.03,
  runsInARow: 4,
  pauseMs: 25_000,
  returnShare: 0.35,
  restMs: 12 * 60_000,
  durationMs: 12_000,
  durationSigma: 0.8,
  inputTokens: 1_800,
  outputTokens: 220,
  tokenSigma: 0.7,
  turns: 3,
  failureShare: 0.02,
  withoutUsageShare: 0.01,
  causes: EVERY_CAUSE,
};

const BUSY: Temper = { ...STEADY, arrivalsPerHour: 400, durationMs: 8_000, inputTokens: 1_200, failureShare: 0.008 };

const QUIET: Temper = { ...STEADY, arrivalsPerHour: 5, durationMs: 14_000, turns: 2, failureShare: 0.01 };

const ERROR_PRONE: Temper = {
  ...STEADY,
  arrivalsPerHour: 90,
  failureShare: 0.06,
  withoutUsageShare: 0.05,
  causes: { ...EVERY_CAUSE, rate_limited: 20, timeout: 12 },
};

/** Agents that go round in circles: many turns, runs of minutes, short pauses, prompts that grow. */
const LOOPING: Temper = {
  ...STEADY,
  arrivalsPerHour: 30,
  runsInARow: 5,
  pauseMs: 8_000,
  durationMs: 40_000,
  durationSigma: 1,
  inputTokens: 5_500,
  turns: 14,
  failureShare: 0.06,
  causes: { ...EVERY_CAUSE, context_length: 20, timeout: 10 },
};

/** A project of the living demo: its name, its temper, and how many sessions it has when the world begins. */
export interface Cast {
  readonly name: string;
  readonly temper: Temper;
  readonly sessions: number;
}

/** The first projects of every living world; more are made after their likeness. */
const CAST: readonly Cast[] = [
  { name: 'Customer Support', temper: BUSY, sessions: 3_000 },
  { name: 'Contract Review', temper: STEADY, sessions: 900 },
  { name: 'Invoice Matching', temper: ERROR_PRONE, sessions: 1_200 },
  { name: 'Deep Research', temper: LOOPING, sessions: 350 },
  { name: 'Board Papers', temper: QUIET, sessions: 60 },
];

/** The cast of a world of `count` projects. Past the first five, sizes and rates shrink, as in any large organization. */
export function castOf(count: number): Cast[] {
  return Array.from({ length: count }, (_, place) => {
    const like = CAST[place % CAST.length] as Cast;
    const round = Math.floor(place / CAST.length);
    if (round === 0) return like;
    const scale = 1 / (round + 1);
    const temper = { ...like.temper, arrivalsPerHour: like.temper.arrivalsPerHour * scale };
    return { name: `${like.name} ${round + 1}`, temper, sessions: Math.max(5, Math.round(like.sessions * scale)) };
  });
}
