/** What this member has claimed, and what it has lost: its claims and releases. */
import type { ExporterError } from '../../../domain/errors.ts';
import type { Claimed, Owned, ReplicaObserver, Wanted } from '../../../domain/replicas.ts';
import type { OwnedProjects } from '../owned.ts';
import type { KnownProject } from '../refresh/project-rows.ts';
import { readClaimed } from './claimed-projects.ts';
import { type Claimer, claimProjects, releaseProjects } from './claims.ts';
import type { Client } from './database.ts';

export type HoldingsParts = {
  readonly client: Client;
  readonly owned: OwnedProjects;
  readonly observer: ReplicaObserver;
  readonly claimer: () => Claimer;
  /** Null while the member is alive; otherwise why it may not claim. */
  readonly refusal: () => ExporterError | null;
};

/** Projects that are claimed and read in one go: about a megabyte. */
const AT_ONCE = 200;

export class Holdings {
  readonly #parts: HoldingsParts;
  readonly #claiming = new Set<number>();
  /** By project id; of projects that were claimed once. */
  readonly #keys = new Map<string, number>();

  constructor(parts: HoldingsParts) {
    this.#parts = parts;
  }

  isOwned(key: number): boolean {
    return this.#parts.owned.get(key) !== undefined;
  }

  /** The key of a project that this member has, or had, claimed. */
  keyOf(projectId: string): number | undefined {
    return this.#keys.get(projectId);
  }

  isClaiming(key: number): boolean {
    return this.#claiming.has(key);
  }

  /** By key: the fences under which this member has its projects. */
  fences(): ReadonlyMap<number, number> {
    const { owned } = this.#parts;
    return new Map(owned.keys().map((key) => [key, owned.get(key)?.fence ?? 0]));
  }

  /** Claims what is still free. Rejects with an ExporterError; what was claimed before that comes with a later turn. */
  async claim(wanted: readonly Wanted[]): Promise<readonly Claimed[]> {
    const keys = wanted.filter((key) => !this.isOwned(key) && !this.isClaiming(key));
    for (const key of keys) this.#claiming.add(key);
    const claimed: Claimed[] = [];
    try {
      for (let from = 0; from < keys.length; from += AT_ONCE) {
        claimed.push(...(await this.#claimSome(keys.slice(from, from + AT_ONCE))));
      }
      return claimed;
    } catch (error) {
      for (const { key } of claimed) this.#parts.owned.delete(key);
      throw error;
    } finally {
      for (const key of keys) this.#claiming.delete(key);
    }
  }

  async #claimSome(keys: readonly number[]): Promise<readonly Claimed[]> {
    const { client, owned, observer, claimer, refusal } = this.#parts;
    const dead = refusal();
    if (dead !== null) throw dead;
    const by = claimer();
    const own = await claimProjects(client, by, keys);
    if (own.length === 0) return [];
    const projects = await readClaimed(client, by.id, own);
    for (const { claimed, fence } of projects) {
      owned.set(claimed.key, fence);
      this.#keys.set(claimed.stored.project.id, claimed.key);
    }
    observer.claimed(projects.length);
    return projects.map(({ claimed }) => claimed);
  }

  /** Gives projects back. Where that fails, they come with a later turn: as wanted, or to be given back again. */
  async release(keys: readonly Owned[]): Promise<void> {
    const { client, owned, claimer } = this.#parts;
    const fences = new Map(keys.flatMap((key) => withFence(key, owned.get(key)?.fence)));
    for (const key of keys) owned.delete(key);
    await releaseProjects(client, claimer().id, fences);
  }

  async releaseOrphans(orphans: ReadonlyMap<number, number>): Promise<void> {
    await releaseProjects(this.#parts.client, this.#parts.claimer().id, orphans);
  }

  /** `before`: the fences before the database was read. Those that it shows with another owner or fence since are lost. */
  loseOthers(before: ReadonlyMap<number, number>, known: (key: number) => KnownProject | undefined): void {
    const { owned, claimer } = this.#parts;
    for (const [key, fence] of before) {
      if (owned.get(key)?.fence !== fence) continue;
      const now = known(key);
      if (now?.owner === claimer().id && now.fence === fence) continue;
      owned.lose(key, now !== undefined && now.fence >= fence ? 'owner' : 'behind');
    }
  }

  loseAll(reason: 'behind' | 'deadline'): void {
    const { owned } = this.#parts;
    for (const key of owned.keys()) owned.lose(key, reason);
  }
}

function withFence(key: number, fence: number | undefined): readonly (readonly [number, number])[] {
  return fence === undefined ? [] : [[key, fence]];
}
