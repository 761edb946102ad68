/** Behavior profiles of projects: how often people come, how they talk, how runs end; and the projects of the demo. */
import type { FailureCause } from '../world/types.ts';

/** How the users and agents of a project behave: rates at speed 1, durations in milliseconds. */
export interface WorkloadProfile {
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
  /** Share of runs that report no token counts. */
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

/** A project of average use and few failures. */
export const STEADY: WorkloadProfile = {
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

const BUSY: WorkloadProfile = {
  ...STEADY,
  arrivalsPerHour: 400,
  durationMs: 8_000,
  inputTokens: 1_200,
  failureShare: 0.008,
};

const QUIET: WorkloadProfile = { ...STEADY, arrivalsPerHour: 5, durationMs: 14_000, turns: 2, failureShare: 0.01 };

const ERROR_PRONE: WorkloadProfile = {
  ...STEADY,
  arrivalsPerHour: 90,
  failureShare: 0.06,
  withoutUsageShare: 0.05,
  causes: { ...EVERY_CAUSE, rate_limited: 20, timeout: 12 },
};

/** Agents that loop: many turns, runs of minutes, short pauses, prompts that grow. */
const LOOPING: WorkloadProfile = {
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

/** A project to create: its name, its profile, and how many sessions it has at the start. */
export interface ProjectTemplate {
  readonly name: string;
  readonly profile: WorkloadProfile;
  readonly sessions: number;
}

/** The first projects of every simulated world; further ones are scaled-down copies. */
const TEMPLATES: readonly ProjectTemplate[] = [
  { name: 'Customer Support', profile: BUSY, sessions: 3_000 },
  { name: 'Contract Review', profile: STEADY, sessions: 900 },
  { name: 'Invoice Matching', profile: ERROR_PRONE, sessions: 1_200 },
  { name: 'Deep Research', profile: LOOPING, sessions: 350 },
  { name: 'Board Papers', profile: QUIET, sessions: 60 },
];

/** The projects to create for a world of `count` projects. Past the first five, sizes and rates shrink, as in any large organization. */
export function projectTemplates(count: number): ProjectTemplate[] {
  return Array.from({ length: count }, (_, place) => {
    const like = TEMPLATES[place % TEMPLATES.length] as ProjectTemplate;
    const round = Math.floor(place / TEMPLATES.length);
    if (round === 0) return like;
    const scale = 1 / (round + 1);
    const profile = { ...like.profile, arrivalsPerHour: like.profile.arrivalsPerHour * scale };
    return { name: `${like.name} ${round + 1}`, profile, sessions: Math.max(5, Math.round(like.sessions * scale)) };
  });
}
