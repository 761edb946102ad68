/** Budget and team of each project under a set of rules. Kept by project, since globs are too slow to be tried at every publication. */
import type { PolledProject } from '../../domain/project.ts';
import { type Budget, budgetOf, type Rules, teamOf } from '../../domain/rules.ts';

export type Owned = { readonly team: string; readonly budget: Budget | null };

export class Ownership {
  readonly #rules: Pick<Rules, 'budgets' | 'teams'>;
  /** A renamed project is another object. */
  readonly #known = new WeakMap<PolledProject, Owned>();

  constructor(rules: Pick<Rules, 'budgets' | 'teams'>) {
    this.#rules = rules;
  }

  of(project: PolledProject): Owned {
    const known = this.#known.get(project);
    if (known !== undefined) return known;
    const owned = { team: teamOf(project, this.#rules), budget: budgetOf(project, this.#rules) };
    this.#known.set(project, owned);
    return owned;
  }
}
