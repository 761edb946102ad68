/** Sessions per index as they are shown, and how long activity is kept: alike in all kinds of state. */
import type { IndexCounts } from '../../domain/polls.ts';
import { HOUR, type Micros } from '../../domain/time.ts';

/** Activity is kept this long: the longest window and an hour to spare. */
export const ACTIVITY_KEPT: Micros = 25 * HOUR;

/** The name under which the smaller indexes are summed. */
const REST = 'other';

/** The `most` largest and the rest in sum; `counts` comes largest first. */
export function shownCounts(counts: readonly (readonly [indexId: string, n: number])[], most: number): IndexCounts {
  const shown = counts.slice(0, most).map(([indexId, n]) => [escaped(indexId), n] as const);
  const rest = counts.slice(most).reduce((sum, [, n]) => sum + n, 0);
  return rest === 0 ? shown : [...shown, [REST, rest]];
}

/** An index that is called as the rest is gets an underscore more, and so does one that has it already. */
function escaped(indexId: string): string {
  return /^other_*$/.test(indexId) ? `${indexId}_` : indexId;
}
