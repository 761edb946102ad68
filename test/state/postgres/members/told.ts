/** What a member reports and publishes, kept for a test to read. */
import type { ExporterError } from '../../../../src/domain/errors.ts';
import type { SharedFacts } from '../../../../src/domain/replicas.ts';
import type { ProjectView } from '../../../../src/domain/view.ts';

export class Told {
  readonly views = new Map<string, ProjectView>();
  shared: SharedFacts | null = null;
  readonly fatal: ExporterError[] = [];
  claims = 0;
  renewals = 0;
  readonly refreshes: number[] = [];
  readonly commitsLost: string[] = [];
  inDoubt = 0;

  claimed(projects: number): void {
    this.claims += projects;
  }

  commitLost(reason: string): void {
    this.commitsLost.push(reason);
  }

  commitInDoubt(): void {
    this.inDoubt += 1;
  }

  renewed(projects: number): void {
    this.renewals += projects;
  }

  refreshed(seconds: number): void {
    this.refreshes.push(seconds);
  }
}
