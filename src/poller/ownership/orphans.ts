/** Projects of accounts that are not configured any more: shown as the state has them, until it is known that no account sees them. */
import { adoptRules } from '../../accounting/begin.ts';
import type { StoredProject } from '../../domain/store.ts';
import { type AccountPlan, createContext, type Deps, ProjectState } from '../context.ts';
import { publish } from '../publish/publish.ts';

export class Orphans {
  readonly #deps: Deps;
  readonly #projects = new Map<string, StoredProject>();
  /** Accounts without a successful discovery so far. */
  readonly #awaited: Set<string>;

  /** `accounts`: all that are configured. */
  constructor(deps: Deps, accounts: readonly string[]) {
    this.#deps = deps;
    this.#awaited = new Set(accounts);
  }

  /** Publishes a project that nobody polls. `plan`: of an account that may take it over. */
  async show(stored: StoredProject, plan: AccountPlan): Promise<void> {
    this.#projects.set(stored.project.id, stored);
    const { totals } = adoptRules(stored.totals, stored.project, this.#deps.rules);
    const state = new ProjectState({ ...stored, totals }, this.#deps.clock, undefined);
    await publish(createContext(state, plan, this.#deps));
  }

  /**
   * Notes a successful discovery. Answers the projects that no account has taken over, once each account has been discovered: they leave.
   * `isPolled`: whether an account has a project by now.
   */
  leavers(account: string, isPolled: (id: string) => boolean): readonly StoredProject[] {
    this.#awaited.delete(account);
    for (const id of this.#projects.keys()) if (isPolled(id)) this.#projects.delete(id);
    return this.#awaited.size > 0 ? [] : [...this.#projects.values()];
  }

  /** A leaver is withdrawn, and stored as such. */
  left(id: string): void {
    this.#projects.delete(id);
  }
}
