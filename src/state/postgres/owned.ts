/** The projects that this member owns, each with the fence and the commit that its next commit must find in the database. */
import type { Owned } from '../../domain/replicas.ts';

/** What the ledger row must have for a commit to be carried out. */
export type Fence = { readonly fence: number; readonly commitId: string };

export type LostReason = 'owner' | 'behind' | 'deadline';

export class OwnedProjects {
  readonly #fences = new Map<number, Fence>();
  /** Lost since the last heartbeat. */
  #lost = new Map<Owned, LostReason>();

  get(key: number): Fence | undefined {
    return this.#fences.get(key);
  }

  keys(): readonly Owned[] {
    return [...this.#fences.keys()] as Owned[];
  }

  /** After a claim, and after each commit. */
  set(key: number, fence: Fence): void {
    this.#fences.set(key, fence);
  }

  /** Given back. */
  delete(key: number): void {
    this.#fences.delete(key);
  }

  /** Somebody else has it, or the database went back: nothing is committed any more. */
  lose(key: number, reason: LostReason): void {
    if (this.#fences.delete(key)) this.#lost.set(key as Owned, reason);
  }

  /** Those that were lost since the last call. */
  takeLost(): ReadonlyMap<Owned, LostReason> {
    const lost = this.#lost;
    this.#lost = new Map();
    return lost;
  }
}
