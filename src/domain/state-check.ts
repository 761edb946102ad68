/** What `check` finds out about a shared state, in the words of the person who runs it. */

/** `note`: it works, and deserves a word. `failed`: the exporter would not start, or could not keep its promise. */
export type StateVerdict = 'ok' | 'note' | 'failed';

export type StateFinding = {
  /** What was looked at, such as `version`. */
  readonly what: string;
  readonly found: string;
  readonly verdict: StateVerdict;
  /** What to do, with the SQL to run; empty where nothing is to be done. */
  readonly fix: string;
};

export type StateCheck = {
  /** Without user and password. */
  readonly location: string;
  readonly findings: readonly StateFinding[];
};
