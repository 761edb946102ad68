/** The one connection: transactions, and errors as the port promises them. */
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import { ExporterError } from '../../domain/errors.ts';
import type { Observer } from '../../domain/observer.ts';
import { isFatal, stateError } from './errors.ts';

/** A row as `setReturnArrays` answers it. The columns are those of the statement, so that each caller names their types. */
export type Columns = readonly unknown[];

export class Connection {
  readonly location: string;
  readonly #db: DatabaseSync;
  readonly #observer: Observer;
  readonly #begin: StatementSync;
  readonly #commit: StatementSync;
  readonly #checkFile: () => void;
  #fatal: ExporterError | null = null;

  /** `checkFile` throws when what would be written could not be found again. */
  constructor(db: DatabaseSync, location: string, observer: Observer, checkFile: () => void) {
    this.#db = db;
    this.location = location;
    this.#checkFile = checkFile;
    this.#observer = observer;
    this.#begin = db.prepare('BEGIN IMMEDIATE');
    this.#commit = db.prepare('COMMIT');
  }

  /** A statement whose rows come as arrays. */
  prepare(sql: string): StatementSync {
    const statement = this.#db.prepare(sql);
    statement.setReturnArrays(true);
    return statement;
  }

  /** Runs `work`, which only reads. Throws ExporterError. */
  read<T>(work: () => T): T {
    this.#refuseAfterDamage();
    try {
      return work();
    } catch (error) {
      throw this.#failed(error);
    }
  }

  /** Runs `work` in one transaction: all of it is durable when this returns, and nothing of it when this throws. */
  write<T>(work: () => T): T {
    this.#refuseAfterDamage();
    try {
      this.#checkFile();
      this.#begin.run();
      const result = work();
      this.#commit.run();
      return result;
    } catch (error) {
      this.#rollBack();
      const failure = this.#failed(error);
      this.#observer.stateWriteFailed(failure);
      throw failure;
    }
  }

  /** True until `close`, or until damage was found. */
  get isSound(): boolean {
    return this.#fatal === null;
  }

  /** Ends the connection: everything moves into the main file, and the lock goes. */
  close(): void {
    this.#fatal ??= new ExporterError('state', `The state ${this.location} is closed.`, 'Start the exporter again.');
    if (!this.#db.isOpen) return;
    try {
      this.#db.close();
    } catch (error) {
      throw stateError(error, this.location, 'state');
    }
  }

  #failed(error: unknown): ExporterError {
    const failure = stateError(error, this.location, 'state');
    if (isFatal(failure)) this.#fatal = failure;
    return failure;
  }

  #refuseAfterDamage(): void {
    if (this.#fatal !== null) throw this.#fatal;
  }

  #rollBack(): void {
    try {
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
    } catch {
      // The first error says more; SQLite has rolled back by itself where ROLLBACK is refused.
    }
  }
}

/** All rows of a statement made by `Connection.prepare`. */
export function all<T extends Columns>(statement: StatementSync, ...values: SQLInputValue[]): T[] {
  return statement.all(...values) as unknown as T[];
}
