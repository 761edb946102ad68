/** Decides which projects leave a shared state because no account selects them any more. Only the process that discovers does this. */
import type { StoredProject } from '../../domain/store.ts';
import type { Micros } from '../../domain/time.ts';
import type { AccountPlan, Deps } from '../context.ts';
import { dismiss } from '../projects/project-changes.ts';
import { isSelected, planOf } from './ownership.ts';

export class Departures {
  readonly #plans: readonly AccountPlan[];
  readonly #deps: Deps;
  /** Accounts that this process has discovered since it carries out discoveries. */
  readonly #discovered = new Set<string>();

  constructor(plans: readonly AccountPlan[], deps: Deps) {
    this.#plans = plans;
    this.#deps = deps;
  }

  /** Another process carries out discoveries now. */
  handOver(): void {
    this.#discovered.clear();
  }

  /** Notes a successful discovery. True once each configured account has had one. */
  discovered(account: string): boolean {
    this.#discovered.add(account);
    return this.#plans.every(({ source }) => this.#discovered.has(source.account));
  }

  /** Projects of accounts that are not configured any more. */
  ofOldAccounts(projects: readonly StoredProject[]): readonly StoredProject[] {
    return projects.filter(({ project }) => planOf(project.account, this.#plans) === undefined);
  }

  /** Projects that their account, which is configured still, selects no longer. */
  deselected(projects: readonly StoredProject[]): readonly StoredProject[] {
    return projects.filter(
      ({ project }) => planOf(project.account, this.#plans) !== undefined && !isSelected(project, this.#plans),
    );
  }

  /** Stores that these have left. `at`: server time. */
  async dismiss(leaving: readonly StoredProject[], at: Micros): Promise<void> {
    const { store, logger } = this.#deps;
    for (const [account, some] of Map.groupBy(leaving, ({ project }) => project.account)) {
      const admissions = some.map((stored) => dismiss(stored, at));
      await store.admit(account, null, admissions);
      for (const { project } of some) logger.info('Project left', { project: project.name, project_id: project.id });
    }
  }
}
