/** Tells whether the API refuses one project alone or the whole account: where others were served meanwhile, it is the project. */

export class RefusedProjects {
  /** Requests that were served, of all projects. */
  #served = 0;
  /** How many had been when the project was refused first; none of those since is its own. */
  readonly #refused = new Map<string, number>();
  /** The project that was refused last, where nothing was served since. */
  #last: string | null = null;

  answered(project: string): void {
    this.#served += 1;
    this.#refused.delete(project);
    this.#last = null;
  }

  /** A request of the project was refused: true where it was refused before, and since then others were served and it was not. */
  isAlone(project: string): boolean {
    // Two projects refused in a row: the account is.
    if (this.#last !== null && this.#last !== project) this.#refused.clear();
    this.#last = project;
    const before = this.#refused.get(project);
    if (before === undefined) this.#refused.set(project, this.#served);
    return before !== undefined && this.#served > before;
  }
}
