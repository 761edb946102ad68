/** Sessions whose history could not be read recently: the latest few of each project, to investigate a failure. */
import { type ExporterError, pollErrorCode } from '../domain/errors.ts';
import type { FailingHistory } from '../domain/status.ts';
import type { Micros } from '../domain/time.ts';
import { iso } from './problems.ts';

/** Sessions kept for a project. */
const MOST = 20;

export class FailingHistories {
  /** By project, sessions in the order of their last failure. */
  readonly #projects = new Map<string, Map<string, FailingHistory>>();

  /** Notes an attempt; null: the history was read. `at`: our clock. */
  note(projectId: string, sessionId: string, error: ExporterError | null, at: Micros): void {
    const sessions = this.#projects.get(projectId) ?? new Map<string, FailingHistory>();
    this.#projects.set(projectId, sessions);
    sessions.delete(sessionId);
    if (error !== null) sessions.set(sessionId, { sessionId, reason: pollErrorCode(error), at: iso(at) });
    const [oldest] = sessions.keys();
    if (sessions.size > MOST && oldest !== undefined) sessions.delete(oldest);
  }

  /** Newest first. */
  of(projectId: string): readonly FailingHistory[] {
    return [...(this.#projects.get(projectId)?.values() ?? [])].toReversed();
  }

  drop(projectId: string): void {
    this.#projects.delete(projectId);
  }
}
