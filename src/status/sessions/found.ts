/** Turns a recorded row into an entry of a list of sessions. */
import type { Row } from '../../domain/row.ts';
import { UNKNOWN_CLASS } from '../../domain/rules.ts';
import { type Figures, failed } from '../../domain/session.ts';
import type { ListedSession, SessionQuery, SessionSort, SessionState } from '../../domain/session-list.ts';
import { type Micros, SECOND } from '../../domain/time.ts';
import { iso } from '../problems.ts';
import { NANO_USD } from '../project.ts';

/** Estimated cost of a run in integer nano-US-dollars by the price of its project; null: none applies. */
export type CostOf = (figures: Figures) => number | null;

/** A row while it is compared. */
export type Found = {
  readonly no: number;
  readonly id: string;
  readonly updatedAt: Micros;
  readonly figures: Figures | null;
  readonly state: SessionState;
  readonly errorClass: string | null;
  readonly costNanoUsd: number | null;
};

/** What the gauges show of the row: its recorded run, or the lagging reading that they follow (docs/accounting.md, L3). */
export function foundOf(row: Row, costOf: CostOf): Found {
  const { updatedAt, figures } = row.stale?.followed ? row.stale : row;
  const isError = figures !== null && failed(figures);
  return {
    no: row.no,
    id: row.id,
    updatedAt,
    figures,
    state: figures === null ? 'never_run' : isError ? 'error' : 'ok',
    errorClass: isError ? (row.errorClass ?? UNKNOWN_CLASS) : null,
    costNanoUsd: figures === null ? null : costOf(figures),
  };
}

/** `now`: the end of the window that `since` asks for. */
export function matches(found: Found, query: SessionQuery, now: Micros): boolean {
  return (
    (query.state === null || found.state === query.state) &&
    (query.errorClass === null || found.errorClass === query.errorClass) &&
    (query.since === null || found.updatedAt >= now - query.since)
  );
}

const FIGURE: Readonly<Record<SessionSort, (found: Found) => number | null>> = {
  updated: ({ updatedAt }) => updatedAt,
  duration: ({ figures }) => figures?.durationUs ?? null,
  input_tokens: ({ figures }) => figures?.inputTokens ?? null,
  output_tokens: ({ figures }) => figures?.outputTokens ?? null,
  cost: ({ costNanoUsd }) => costNanoUsd,
  turns: ({ figures }) => figures?.turns ?? null,
};

/** Largest first, what is not known last; of equal ones the latest, then the one that was recorded last. */
export function orderBy(sort: SessionSort): (a: Found, b: Found) => boolean {
  const figure = FIGURE[sort];
  return (a, b) => {
    const [x, y] = [figure(a) ?? -1, figure(b) ?? -1];
    if (x !== y) return x > y;
    return a.updatedAt === b.updatedAt ? a.no > b.no : a.updatedAt > b.updatedAt;
  };
}

export function listed({ id, updatedAt, figures, state, errorClass, costNanoUsd }: Found): ListedSession {
  const durationUs = figures?.durationUs ?? null;
  return {
    sessionId: id,
    updatedAt: iso(updatedAt),
    state,
    class: errorClass,
    durationSeconds: durationUs === null ? null : durationUs / SECOND,
    inputTokens: figures?.inputTokens ?? null,
    outputTokens: figures?.outputTokens ?? null,
    turns: figures?.turns ?? null,
    costUsd: costNanoUsd === null ? null : costNanoUsd / NANO_USD,
  };
}
