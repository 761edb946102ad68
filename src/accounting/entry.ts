/** One shown session on its way into the ledger, and what is the same for all of its page or project. */
import type { Project } from '../domain/project.ts';
import type { Row } from '../domain/row.ts';
import type { Rules } from '../domain/rules.ts';
import type { Session } from '../domain/session.ts';
import type { Stop } from '../domain/source.ts';
import type { Micros } from '../domain/time.ts';
import type { Finding } from './detect.ts';

/** What stays the same for all pages of a project: whom it is about, and by which rules. */
export type Account = {
  readonly project: Pick<Project, 'id' | 'name'>;
  readonly epoch: Micros;
  readonly rules: Rules;
};

/** One page as shown. `sweep`: true when a full sweep read it. */
export type Shown = { readonly sessions: readonly Session[]; readonly serverTime: Micros; readonly sweep: boolean };

/** A session of a page beside what was recorded of it. */
export type Entry = {
  readonly before: Row | undefined;
  readonly finding: Finding;
  readonly session: Session;
  readonly page: Shown;
  readonly account: Account;
  /** Undefined: not asked for; null: could not be had. */
  readonly stops: readonly Stop[] | null | undefined;
};
