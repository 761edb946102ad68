/** All projects as this member has read them from the database last, by key, with sums that a refresh at rest needs. */
import type { KnownProject } from './project-rows.ts';
import type { Versions } from './versions.ts';

/** `stale`: projects to be read; `gone`: known ones that the database no longer has. */
export type Difference = { readonly stale: readonly number[]; readonly gone: readonly KnownProject[] };

export class Known {
  readonly #projects = new Map<number, KnownProject>();
  /** Of projects that have not left; null: they have no owner. */
  readonly #byOwner = new Map<string | null, number>();
  #digest = 0n;
  #live = 0;
  #tombstones = 0;
  #isVoid = false;

  /** True while what is known may be of another history of the database: nothing is compared with it, and all of it is to be read again. */
  get isVoid(): boolean {
    return this.#isVoid;
  }

  /** Sessions that are there. */
  get live(): number {
    return this.#live;
  }

  get tombstones(): number {
    return this.#tombstones;
  }

  /** How many projects that have not left belong to each owner; null: to nobody. */
  get byOwner(): ReadonlyMap<string | null, number> {
    return this.#byOwner;
  }

  all(): IterableIterator<KnownProject> {
    return this.#projects.values();
  }

  get(key: number): KnownProject | undefined {
    return this.#projects.get(key);
  }

  /** Whether the database has exactly these projects, in these versions. */
  isAsIn(digest: string | null, projects: number): boolean {
    return !this.#isVoid && projects === this.#projects.size && BigInt(digest ?? 0) === this.#digest;
  }

  differences(versions: Versions): Difference {
    const stale: number[] = [];
    let found = 0;
    for (const [key, hash] of versions.entries()) {
      const known = this.#projects.get(key);
      if (known !== undefined) found += 1;
      if (this.#isVoid || known?.versionHash !== hash) stale.push(key);
    }
    return { stale, gone: found === this.#projects.size ? [] : this.#without(versions) };
  }

  put(project: KnownProject): void {
    this.delete(project.stored.key);
    this.#projects.set(project.stored.key, project);
    this.#add(project, 1);
  }

  delete(key: number): void {
    const project = this.#projects.get(key);
    if (project === undefined) return;
    this.#projects.delete(key);
    this.#add(project, -1);
  }

  /** From now on all is to be read again. */
  makeVoid(): void {
    this.#isVoid = true;
  }

  /** All has been read. */
  complete(): void {
    this.#isVoid = false;
  }

  #without(versions: Versions): readonly KnownProject[] {
    const keys = new Set(versions.keys());
    return [...this.#projects.values()].filter(({ stored }) => !keys.has(stored.key));
  }

  #add({ stored, owner, versionHash }: KnownProject, sign: 1 | -1): void {
    const { gauges, tombstones } = stored.totals;
    this.#digest ^= versionHash;
    this.#live += sign * (gauges.ok + gauges.error + gauges.neverRun);
    this.#tombstones += sign * tombstones;
    if (stored.leftAt !== null) return;
    const count = (this.#byOwner.get(owner) ?? 0) + sign;
    if (count === 0) this.#byOwner.delete(owner);
    else this.#byOwner.set(owner, count);
  }
}
