/** Faults of what a list or a history shows, applied before it becomes text. */
import { z } from 'zod';
import type { History } from '../histories/history.ts';
import type { SortedList } from '../world/sorted-list.ts';
import type { Key, Version } from '../world/types.ts';
import type { FaultContext } from './context.ts';
import { FiguresFault, reformedHistory, reformedVersion } from './figures.ts';
import { HistoryFault, historyWith } from './histories.ts';

export const ViewFault = z.discriminatedUnion('kind', [
  /** The list as it stood when the fault was switched on: a replica that stopped following. */
  z.strictObject({ kind: z.literal('stale_read') }),
  /** A page begins this many items too early: the end of the previous page is shown twice. */
  z.strictObject({ kind: z.literal('overlap'), items: z.int().min(1).default(1) }),
  /** A session asked for by its id is shown as it is now, though it lags in the list. */
  z.strictObject({ kind: z.literal('history_ahead') }),
  FiguresFault,
  ...HistoryFault.options,
]);
export type ViewFault = z.output<typeof ViewFault>;

/** How the world is read for one request. */
export interface View {
  /** Read instead of the project's list. */
  readonly stale: SortedList<Key, Version> | null;
  readonly overlap: number;
  readonly ahead: boolean;
  /** What is shown of a session in a list or a summary. */
  readonly item: (version: Version) => Version;
  /** What is shown of a session with its history. */
  readonly history: (history: History) => History;
}

/** The world as it is. */
export const TRUE_VIEW: View = {
  stale: null,
  overlap: 0,
  ahead: false,
  item: (version) => version,
  history: (history) => history,
};

/** The view with the fault in it. */
export function viewWith(fault: ViewFault, view: View, context: FaultContext): View {
  const now = context.world.clock.now();
  switch (fault.kind) {
    case 'stale_read':
      return { ...view, stale: context.state.snapshots.get(context.call.projectId ?? '') ?? view.stale };
    case 'overlap':
      return { ...view, overlap: fault.items };
    case 'history_ahead':
      return { ...view, ahead: true };
    case 'figures':
      return {
        ...view,
        item: (version) => reformedVersion(view.item(version), fault, now),
        history: (history) => reformedHistory(view.history(history), fault, now),
      };
    case 'history_lag':
    case 'history_shortened':
    case 'history_rewritten':
    case 'odd_stops':
    case 'history_bytes':
      return { ...view, history: (history) => historyWith(fault, view.history(history), now) };
    default:
      return fault satisfies never;
  }
}
