import { z } from 'zod';
import type { SortedList } from '../sorted-list.ts';
import type { Key, Version } from '../types.ts';
import type { FaultContext } from './context.ts';

/** Faults of what a list shows. */
export const ViewFault = z.discriminatedUnion('kind', [
  /** The list as it stood when the fault was switched on: a replica that stopped following. */
  z.strictObject({ kind: z.literal('stale_read') }),
  /** A page begins so many items before its place: the end of the page before is shown twice. */
  z.strictObject({ kind: z.literal('overlap'), items: z.int().min(1).default(1) }),
]);
export type ViewFault = z.output<typeof ViewFault>;

/** How a list is read for one request. */
export interface View {
  /** Read instead of the project's list. */
  readonly stale: SortedList<Key, Version> | null;
  readonly overlap: number;
}

/** The list as it is. */
export const TRUE_VIEW: View = { stale: null, overlap: 0 };

/** The view with the fault in it. */
export function viewWith(fault: ViewFault, view: View, context: FaultContext): View {
  switch (fault.kind) {
    case 'stale_read':
      return { ...view, stale: context.state.snapshots.get(context.call.projectId ?? '') ?? view.stale };
    case 'overlap':
      return { ...view, overlap: fault.items };
    default:
      return fault satisfies never;
  }
}
