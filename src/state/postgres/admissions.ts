/** What the member that discovers alone may do: admitting, changing and forgetting projects. */
import { LostError } from '../../domain/errors.ts';
import type { Admission, StoredProject } from '../../domain/store.ts';
import type { Micros } from '../../domain/time.ts';
import { type Connection, type Statement, statement } from './connection.ts';
import { PostgresError } from './errors.ts';
import { sealOutside } from './outside.ts';
import { readProjectsById } from './projects.ts';

/** The discovery lease as a member took it. */
export type DiscoveryHold = { readonly member: string; readonly fence: number };

const ADMIT = statement('admit', 'SELECT llamacloud_exporter.admit_1($1, $2, $3, $4, $5)');
const FORGET = statement('forget', 'SELECT llamacloud_exporter.forget_1($1, $2, $3, $4)');
const FAILED = statement(
  'discovery_failed',
  `INSERT INTO llamacloud_exporter.account AS a (name, up)
   SELECT $3, false WHERE llamacloud_exporter.holds_census_1($1, $2)
   ON CONFLICT (name) DO UPDATE SET up = false`,
);
const DISCOVERIES = statement(
  'discoveries',
  'SELECT name, discovered_at FROM llamacloud_exporter.account WHERE discovered_at IS NOT NULL',
);

/** Projects admitted in one statement: about 10 ms of work. */
const ADMITTED_AT_ONCE = 250;
/** Rows deleted at once of a project that was forgotten. */
const FORGOTTEN_AT_ONCE = 5_000;
const MOST_REPEATS = 5;

export class Admissions {
  readonly #work: Connection;
  readonly #read: Connection;
  readonly #discoveryLease: () => DiscoveryHold | null;

  /** `discoveryLease`: as this member holds it; null: it does not. */
  constructor(work: Connection, read: Connection, discoveryLease: () => DiscoveryHold | null) {
    this.#work = work;
    this.#read = read;
    this.#discoveryLease = discoveryLease;
  }

  /** Many projects are admitted in several statements; the last one notes the discovery, so that a crash between them repeats it. */
  async admit(
    account: string,
    discoveredAt: Micros | null,
    admissions: readonly Admission[],
  ): Promise<readonly StoredProject[]> {
    const admitted: StoredProject[] = [];
    for (let from = 0; ; from += ADMITTED_AT_ONCE) {
      const some = admissions.slice(from, from + ADMITTED_AT_ONCE);
      const isLast = from + ADMITTED_AT_ONCE >= admissions.length;
      await this.#run(ADMIT, account, isLast ? discoveredAt : null, JSON.stringify(some.map(recordOf)));
      const ids = some.map(({ project }) => project.id);
      if (ids.length > 0) admitted.push(...(await readProjectsById(this.#read, ids)));
      if (isLast) return admitted;
    }
  }

  /** The last discovery of an account failed. */
  async discoveryFailed(account: string): Promise<void> {
    const { member, fence } = this.hold();
    await this.#work.query(FAILED, member, fence, account);
  }

  /** Server time of each account's last successful discovery. */
  async discoveries(): Promise<Readonly<Record<string, Micros>>> {
    return Object.fromEntries(await this.#read.read<readonly [account: string, at: Micros]>(DISCOVERIES));
  }

  /** True when there is more to do. */
  forget(leftBefore: Micros): Promise<boolean> {
    return this.#run(FORGET, leftBefore, FORGOTTEN_AT_ONCE);
  }

  /** The discovery lease as it is held; throws LostError. */
  hold(): DiscoveryHold {
    const discoveryLease = this.#discoveryLease();
    if (discoveryLease === null) throw lost();
    return discoveryLease;
  }

  /** The statements may all be repeated: a second time they change nothing. */
  async #run(what: Statement, ...values: readonly unknown[]): Promise<boolean> {
    const { member, fence } = this.hold();
    for (let repeats = 0; ; repeats++) {
      try {
        const [row] = await this.#work.query<readonly [boolean | null]>(what, member, fence, ...values);
        const answer = row?.[0] ?? null;
        if (answer === null || (what === ADMIT && !answer)) throw lost();
        return answer;
      } catch (error) {
        if (!(error instanceof PostgresError && error.isConflict) || repeats >= MOST_REPEATS) throw error;
      }
    }
  }
}

function lost(): LostError {
  return new LostError('Another process has the discovery of projects now.');
}

function recordOf({ project, epoch, absences, leftAt, totals }: Admission): object {
  const { text, checksum } = sealOutside(totals);
  return {
    id: project.id,
    name: storable(project.name),
    organization_id: storable(project.organizationId),
    account: project.account,
    is_default: project.isDefault,
    created_at: project.createdAt,
    epoch,
    absences,
    left_at: leftAt,
    value: text,
    checksum,
  };
}

/** PostgreSQL stores neither the character 0 nor half a surrogate pair. */
function storable(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\uFFFD');
}
