/** The orders in which a list of sessions can be served. */
import type { Key, ListOrder } from './types.ts';

/** How two places of a list compare in each order; negative when the first comes first. */
export const COMPARE: Readonly<Record<ListOrder, (a: Key, b: Key) => number>> = {
  newest: (a, b) => b.updatedAt - a.updatedAt || byId(b, a),
  oldest: (a, b) => a.updatedAt - b.updatedAt || byId(a, b),
  id: byId,
};

function byId(a: Key, b: Key): number {
  if (a.id === b.id) return 0;
  return a.id < b.id ? -1 : 1;
}
