/** Server time of each account's last successful discovery. */
import type { StatementSync } from 'node:sqlite';
import type { Micros } from '../../domain/time.ts';
import { all, type Connection } from './connection.ts';

export class Discoveries {
  readonly #select: StatementSync;
  readonly #note: StatementSync;

  constructor(connection: Connection) {
    this.#select = connection.prepare('SELECT account, at FROM discovery');
    this.#note = connection.prepare('INSERT OR REPLACE INTO discovery (account, at) VALUES (?, ?)');
  }

  all(): Readonly<Record<string, Micros>> {
    return Object.fromEntries(all<readonly [account: string, at: Micros]>(this.#select));
  }

  /** Within a transaction. */
  note(account: string, at: Micros): void {
    this.#note.run(account, at);
  }
}
