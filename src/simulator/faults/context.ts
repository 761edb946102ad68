/** What faults remember between requests, and what they may use. */
import type { Answer } from '../api/answers.ts';
import type { Call } from '../api/requests.ts';
import type { Random } from '../world/random.ts';
import type { SortedList } from '../world/sorted-list.ts';
import type { Key, Micros, Version } from '../world/types.ts';
import type { World } from '../world/world.ts';

/** An answer as a cache keeps it: whole, with the time at which it came. */
export interface CachedAnswer {
  readonly answer: Answer;
  readonly at: Micros;
}

/** What a switched-on fault remembers from one request to the next. */
export interface RuleState {
  /** The lists as they stood when the fault was switched on, for stale reads: by project. */
  readonly snapshots: ReadonlyMap<string, SortedList<Key, Version>>;
  /** Random numbers of the faults' own, so that faults never change what the world draws. */
  readonly random: Random;
  /** Answers that a cache in between keeps: by path and query. */
  readonly cache: Map<string, CachedAnswer>;
  bucket: { tokens: number; at: Micros } | null;
  /** Numbers the tokens that the fault made. */
  nonce: number;
}

/** Everything that a fault may look at or use while it is applied. */
export interface FaultContext {
  readonly call: Call;
  readonly world: World;
  readonly state: RuleState;
  /** Aborted when the service stops: waiting ends with it. */
  readonly signal: AbortSignal;
  /** Runs a command on the world, as `POST /_world` does. */
  readonly command: (command: unknown) => unknown;
}
