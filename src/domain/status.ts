/** What the status page and `/api/v1/status` show. Never a key, a session title, a session's error text. */
import type { PollErrorCode } from './errors.ts';
import type { PollKind } from './polls.ts';

/** A recent problem with its fix; `count` successive occurrences are folded into one. Times are ISO 8601 UTC. */
export type Problem = {
  readonly scope: 'account' | 'project' | 'state' | 'config';
  /** Account name, project id, or empty. */
  readonly subject: string;
  readonly code: PollErrorCode | 'config';
  readonly message: string;
  readonly fix: string;
  readonly firstAt: string;
  readonly lastAt: string;
  readonly count: number;
  readonly resolved: boolean;
};

/** How far event histories have confirmed the counters of a project (docs/accounting.md, H7). */
export type VerificationStatus = {
  /** Every run that ended before is counted, but for what was given up or unreconciled; null: not read yet. ISO 8601 UTC. */
  readonly exactUpTo: string | null;
  /** Sessions whose history is still to be read. */
  readonly waiting: number;
  /** Sessions whose history could not be had for a day. */
  readonly givenUp: number;
  /** The latest sessions whose history could not be read at the last attempt, newest first. */
  readonly failing: readonly FailingHistory[];
};

export type FailingHistory = { readonly sessionId: string; readonly reason: PollErrorCode; readonly at: string };

/** Runs counted within the last hour, and in steps of two minutes, oldest first. */
export type HourStatus = {
  readonly runs: number;
  readonly failed: number;
  readonly runsByStep: readonly number[];
  readonly failedByStep: readonly number[];
};

export type ProjectStatus = {
  readonly id: string;
  readonly name: string;
  readonly account: string;
  readonly up: boolean | null;
  /** Null until the first complete sweep. */
  readonly sessions: number | null;
  readonly runs: number;
  readonly failedRuns: number;
  /** Runs counted within the last hour by this process; null: none, or it has just started. */
  readonly lastHour: HourStatus | null;
  /** Sessions whose most recent run failed; null until the first complete sweep. */
  readonly sessionsInError: number | null;
  /** Error / (ok + error) over the sessions' most recent runs; null when none has run. */
  readonly errorRatio: number | null;
  /** US dollars, of all counted runs; null: no price applies. */
  readonly costUsd: number | null;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Null with `last_run`: the counters are a lower bound. */
  readonly verification: VerificationStatus | null;
  /** How often the smaller of two numbers of runs was taken, or a history given up. */
  readonly unreconciled: number;
  readonly lastSuccess: string | null;
  readonly lastPoll: { readonly kind: PollKind; readonly seconds: number } | null;
  readonly headPolling: boolean;
  /** Null at rest. `secondsLeft` null: not known yet. */
  readonly sweep: { readonly progress: number; readonly pages: number; readonly secondsLeft: number | null } | null;
};

/** Seconds that half of the successful and failed runs, and nineteen in twenty of them, stayed below; estimated from buckets. */
export type DurationStatus = { readonly p50: number | null; readonly p95: number | null };

/** US dollars; null: not known, or not configured. */
export type MoneyStatus = {
  /** Counted in the present day and calendar month (UTC). */
  readonly todayUsd: number | null;
  readonly monthUsd: number | null;
  /** The budget for any 24 hours. */
  readonly dayBudgetUsd: number | null;
  readonly monthBudgetUsd: number | null;
};

/** What the page of one project shows beside the sessions. */
export type ProjectDetail = {
  readonly now: string;
  readonly accounting: Status['accounting'];
  readonly project: ProjectStatus;
  readonly organizationId: string;
  /** Empty: no team is configured for it. */
  readonly team: string;
  /** Failed runs by error class, most first; classes without one are left out. */
  readonly failedByClass: readonly (readonly [errorClass: string, runs: number])[];
  readonly duration: DurationStatus;
  readonly money: MoneyStatus;
  /** Problems of the project, open ones first. */
  readonly problems: readonly Problem[];
};

export type AccountStatus = {
  readonly name: string;
  readonly baseUrl: string;
  readonly discoveryUp: boolean | null;
  readonly projects: number;
  /** Requests per second that the limiter allows now; null: unlimited. */
  readonly requestsPerSecond: number | null;
  /** Seconds for which the API still asks to send nothing (Retry-After); null: it does not. */
  readonly waitSeconds: number | null;
  /** Seconds that one full sweep of all projects takes at the present rate; null: not known yet. */
  readonly fullSweepSeconds: number | null;
};

/** A process that shares the state. */
export type MemberStatus = {
  readonly name: string;
  /** Projects that it owns. */
  readonly projects: number;
  /** True of the process that answers. */
  readonly isSelf: boolean;
};

export type Status = {
  readonly version: string;
  readonly revision: string;
  readonly startedAt: string;
  readonly now: string;
  readonly ready: boolean;
  readonly accounting: 'last_run' | 'every_run';
  readonly state: { readonly location: string; readonly createdAt: string; readonly bytes: number };
  /** Empty where this process alone has the state. */
  readonly members: readonly MemberStatus[];
  readonly accounts: readonly AccountStatus[];
  readonly projects: readonly ProjectStatus[];
  readonly problems: readonly Problem[];
};
