/** All projects as this member has read them from the database last, by key. */
import type { KnownProject } from './project-rows.ts';
import type { Versions } from './versions.ts';

/** `stale`: projects to be read; `gone`: known ones that the database no longer has. */
export type Difference = { readonly stale: readonly number[]; readonly gone: readonly KnownProject[] };

export class Known {
  readonly #projects = new Map<number, KnownProject>();
  #digest = 0n;
  #isVoid = false;

  /** True while what is known may be of another history of the database: nothing is compared with it, and all of it is to be read again. */
  get isVoid(): boolean {
    return this.#isVoid;
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
    const stale = [...versions].filter(([key, hash]) => this.#isVoid || this.#projects.get(key)?.versionHash !== hash);
    const gone = [...this.#projects.values()].filter(({ stored }) => !versions.has(stored.key));
    return { stale: stale.map(([key]) => key), gone };
  }

  put(project: KnownProject): void {
    this.delete(project.stored.key);
    this.#projects.set(project.stored.key, project);
    this.#digest ^= project.versionHash;
  }

  delete(key: number): void {
    const project = this.#projects.get(key);
    if (project === undefined) return;
    this.#projects.delete(key);
    this.#digest ^= project.versionHash;
  }

  /** From now on all is to be read again. */
  makeVoid(): void {
    this.#isVoid = true;
  }

  /** All has been read. */
  complete(): void {
    this.#isVoid = false;
  }
}
