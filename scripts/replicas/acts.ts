/** What is done to the members and their database, each until the projects have owners again. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Database, Share } from './database.ts';
import { type Members, NAMES, type Name } from './members.ts';

/** `seconds`: until all projects of the member had another owner. */
export type Takeover = {
  readonly how: 'kill' | 'freeze' | 'stop';
  readonly projects: number;
  readonly seconds: number;
};

/** Long after all leases. */
const PATIENCE_S = 90;
const FROZEN_MS = 15_000;

export class Acts {
  readonly #members: Members;
  readonly #database: Database;
  readonly #say: (text: string) => void;
  readonly takeovers: Takeover[] = [];

  constructor(members: Members, database: Database, say: (text: string) => void) {
    this.#members = members;
    this.#database = database;
    this.#say = say;
  }

  /** `kill -9`. The member is started again once the others have taken over, under the same name. */
  async kill(name: Name): Promise<void> {
    const taken = await this.#takenFrom(name, () => this.#members.kill(name));
    this.#note('kill', name, taken);
    await this.#members.start(name);
    await this.shared();
  }

  /** SIGSTOP for 15 s: what it does afterwards must not count. */
  async freeze(name: Name): Promise<void> {
    const exporter = this.#members.of(name);
    const thawed = sleep(FROZEN_MS).then(() => exporter.resume());
    const taken = await this.#takenFrom(name, async () => exporter.pause());
    await thawed;
    this.#note('freeze', name, taken);
    await this.shared();
  }

  /** SIGTERM, and a new start. */
  async replace(name: Name): Promise<void> {
    const taken = await this.#takenFrom(name, () => this.#members.stop(name));
    this.#note('stop', name, taken);
    await this.#members.start(name);
    await this.shared();
  }

  async restartDatabase(): Promise<void> {
    this.#say('the database crashes and starts again');
    await this.#database.restart();
    await this.shared();
  }

  /** Until the three members share all projects, as hashing says. */
  async shared(): Promise<void> {
    await this.#database.until(async (shares) => {
      const ids = await Promise.all(NAMES.map((name) => this.#database.memberId(name)));
      return isWhole(shares) && ids.every((id) => id !== null && has(shares, id));
    }, PATIENCE_S);
  }

  async #takenFrom(name: Name, act: () => Promise<void>): Promise<Omit<Takeover, 'how'>> {
    const id = await this.#database.memberId(name);
    const projects = (await this.#database.shares()).find(({ owner }) => owner === id)?.projects ?? 0;
    const since = performance.now();
    const acting = act();
    await this.#database.until((shares) => isWhole(shares) && !has(shares, id), PATIENCE_S);
    const seconds = (performance.now() - since) / 1000;
    await acting;
    return { projects, seconds };
  }

  #note(how: Takeover['how'], name: Name, taken: Omit<Takeover, 'how'>): void {
    this.takeovers.push({ how, ...taken });
    this.#say(`${how} of ${name}: its ${taken.projects} projects taken over after ${taken.seconds.toFixed(1)} s`);
  }
}

function isWhole(shares: readonly Share[]): boolean {
  return shares.length > 0 && shares.every(({ owner }) => owner !== null);
}

function has(shares: readonly Share[], owner: string | null): boolean {
  return shares.some((share) => share.owner === owner);
}
