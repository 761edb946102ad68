/** Options of a world, of a new session and of a run. */
import type { WorldClock } from './clock.ts';
import type { ListOrder, Micros, ProgressForm, RunInProgress, StampRule } from './types.ts';

/** How the world behaves; `any` draws for each run. */
export interface WorldOptions {
  readonly seed: string | number;
  readonly clock: WorldClock;
  readonly order: ListOrder;
  /** The largest page served, whatever is asked. */
  readonly pageSizeMax: number;
  readonly pageSizeDefault: number;
  /** How long a page token is good, in milliseconds of the world's clock; null: for ever. */
  readonly tokenTtlMs: number | null;
  /** What answers a page token that expired or is none. */
  readonly tokenErrorStatus: 400 | 404 | 410 | 422;
  readonly progress: ProgressForm | 'any';
  readonly stamp: StampRule | 'any';
}

/** What a new session may be given; the rest is drawn. */
export interface SessionDetails {
  readonly id: string;
  readonly title: string | null;
  readonly indexIds: readonly string[] | null;
  readonly at: Micros;
}

/** What a run in progress shows, and when it stamps; what is not given follows the world's options. */
export type RunStyle = Partial<Pick<RunInProgress, 'form' | 'stamp'>>;
