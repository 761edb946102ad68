/** Everything that the status page remembers; `observer.ts` writes it, `status.ts` reads it. */
import type { PollKind } from '../domain/polls.ts';
import type { Clock } from '../domain/time.ts';
import type { ProjectView } from '../domain/view.ts';
import { Accounts } from './accounts.ts';
import { FailingHistories } from './failing-histories.ts';
import { ProblemLog } from './problems.ts';
import { Sweeps } from './sweeps.ts';
import { Trends } from './trends.ts';

/** The last successful poll of this process, and the seconds that it took. */
export type LastPoll = { readonly kind: PollKind; readonly seconds: number };

export type Memory = {
  readonly clock: Clock;
  readonly problems: ProblemLog;
  readonly sweeps: Sweeps;
  readonly accounts: Accounts;
  readonly failingHistories: FailingHistories;
  readonly trends: Trends;
  readonly views: Map<string, ProjectView>;
  readonly lastPolls: Map<string, LastPoll>;
  stateBytes: number;
};

export function emptyMemory(clock: Clock): Memory {
  return {
    clock,
    problems: new ProblemLog(),
    sweeps: new Sweeps(),
    accounts: new Accounts(),
    failingHistories: new FailingHistories(),
    trends: new Trends(),
    views: new Map(),
    lastPolls: new Map(),
    stateBytes: 0,
  };
}
