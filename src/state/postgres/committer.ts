/**
 * Carries out a change of a project exactly once, whatever happens to the connection. What the database checks before it is in `lock_1`
 * (`migrations/001-commit.ts`): the fence, the last commit and the timeline.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { LostError } from '../../domain/errors.ts';
import type { ReplicaObserver } from '../../domain/replicas.ts';
import { type Connection, type Statement, statement } from './connection.ts';
import { PostgresError } from './errors.ts';
import type { Fence, LostReason, OwnedProjects } from './owned.ts';

const parameters = Array.from({ length: 19 }, (_, i) => `$${i + 1}`).join(', ');

/** Parameters: project, fence, last commit, new commit, then those of the change. Answers whether it was carried out. */
export const COMMIT = statement('commit', `SELECT llamacloud_exporter.commit_1(${parameters})`);
export const PURGE = statement('purge', 'SELECT llamacloud_exporter.purge_1($1, $2, $3, $4, $5, $6, $7, $8)');

/** Fails at once, to be sent again, while the server is still working on the statement that is in doubt: many that wait would use up its connections. */
const LOOK = statement(
  'look',
  `SELECT l.fence, l.commit_id::text, (SELECT m.timeline FROM llamacloud_exporter.meta m) = llamacloud_exporter.timeline()
   FROM llamacloud_exporter.ledger l WHERE l.project = $1 FOR UPDATE OF l NOWAIT`,
);
type LookColumns = readonly [fence: number, commitId: string, isOurTimeline: boolean];

/** Serialization failures, deadlocks, and changes that were found not to have been carried out: so often sent again. */
const MOST_REPEATS = 5;
const PAUSE_MS = 100;

const LOST: Readonly<Record<LostReason, string>> = {
  owner: 'another process has claimed it',
  behind: 'the database lacks its last commit',
  deadline: 'the database did not answer before the lease of this process ended',
};

export type CommitterParts = {
  readonly work: Connection;
  readonly owned: OwnedProjects;
  readonly replicas: Pick<ReplicaObserver, 'commitLost' | 'commitInDoubt'>;
  /** False once this member is past its deadline: then its projects may have another owner. */
  readonly isAlive: () => boolean;
};

/** What became of a statement that was sent. */
type Fate = 'done' | 'not done' | LostReason;

export class Committer {
  readonly #parts: CommitterParts;
  readonly #inDoubt = new Set<number>();

  constructor(parts: CommitterParts) {
    this.#parts = parts;
  }

  /** Projects with a change of which is not known whether it was carried out. */
  get inDoubt(): ReadonlySet<number> {
    return this.#inDoubt;
  }

  /** The fence of an owned project; throws LostError. */
  fenceOf(key: number): Fence {
    const fence = this.#parts.owned.get(key);
    if (fence === undefined) throw lostError(key, 'this process has not claimed it, or has lost it');
    return fence;
  }

  /**
   * Within the turn of the project. Rejects with a LostError when the project is lost, else with an ExporterError of code `state`: then
   * nothing was changed.
   */
  async carryOut(key: number, what: Statement, values: readonly unknown[]): Promise<void> {
    const before = this.fenceOf(key);
    const commitId = randomUUID();
    const send = async (): Promise<boolean> => {
      const [row] = await this.#parts.work.query<readonly [boolean]>(
        what,
        key,
        before.fence,
        before.commitId,
        commitId,
        ...values,
      );
      return row?.[0] === true;
    };
    try {
      const fate = await this.#untilKnown(key, before, commitId, send);
      if (fate !== 'done') throw this.#lose(key, fate);
    } finally {
      this.#inDoubt.delete(key);
    }
    // Unless the project was lost or claimed anew meanwhile.
    if (this.#parts.owned.get(key) === before) this.#parts.owned.set(key, { fence: before.fence, commitId });
  }

  async #untilKnown(
    key: number,
    before: Fence,
    commitId: string,
    send: () => Promise<boolean>,
  ): Promise<'done' | LostReason> {
    for (let repeats = 0; ; repeats++) {
      let failure: PostgresError | null = null;
      try {
        if (await send()) return 'done';
      } catch (error) {
        if (!(error instanceof PostgresError)) throw error;
        const isOver = repeats >= MOST_REPEATS;
        if (error.changedNothing && (isOver || !error.isConflict)) throw error;
        if (error.isConflict) continue;
        failure = error;
        this.#inDoubt.add(key);
        this.#parts.replicas.commitInDoubt();
      }
      const fate = await this.#resolve(key, before, commitId);
      if (fate !== 'not done') return fate;
      if (failure !== null && repeats >= MOST_REPEATS) throw failure;
    }
  }

  /** Asks the row, again and again while the database does not answer. */
  async #resolve(key: number, before: Fence, commitId: string): Promise<Fate> {
    for (;;) {
      if (!this.#parts.isAlive()) return 'deadline';
      try {
        const [row] = await this.#parts.work.query<LookColumns>(LOOK, key);
        return fateOf(row, before, commitId);
      } catch (error) {
        if (!(error instanceof PostgresError)) throw error;
      }
      await sleep(PAUSE_MS);
    }
  }

  #lose(key: number, reason: LostReason): LostError {
    this.#parts.owned.lose(key, reason);
    this.#parts.replicas.commitLost(reason);
    return lostError(key, LOST[reason]);
  }
}

function fateOf(row: LookColumns | undefined, before: Fence, commitId: string): Fate {
  if (row === undefined) return 'owner';
  const [fence, found, isOurTimeline] = row;
  if (found === commitId) return 'done';
  if (fence > before.fence) return 'owner';
  return fence === before.fence && found === before.commitId && isOurTimeline ? 'not done' : 'behind';
}

function lostError(key: number, why: string): LostError {
  return new LostError(`Project number ${key} was lost: ${why}.`);
}
