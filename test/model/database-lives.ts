/** A state in PostgreSQL: a kill leaves the database as it is, and the next life claims everything under higher fences. */
import type { Store } from '../../src/domain/store.ts';
import { emptyState, type Member, openMember } from '../state/postgres/support.ts';
import type { PostgresServer } from '../support/postgres.ts';
import type { Lives } from './lives.ts';

export class DatabaseLives implements Lives {
  readonly #url: string;
  #open: Member | null = null;

  private constructor(url: string) {
    this.#url = url;
  }

  /** On an emptied state of the server. */
  static async on(server: PostgresServer): Promise<DatabaseLives> {
    return new DatabaseLives(server.url(await emptyState(server)));
  }

  async open(): Promise<Store> {
    this.#open = await openMember(this.#url);
    return this.#open;
  }

  leave(): void {}

  /** What the abandoned life still sends finds its connections closed, as with a process that is gone. */
  async begin(): Promise<void> {
    await this.#open?.close().catch(() => {});
  }

  judge(): void {}

  clean(): void {}
}
