/** PostgreSQL as a kind of state: members that own every project, on an emptied database. */
import { randomUUID } from 'node:crypto';
import { SILENT } from '../../../src/domain/observer.ts';
import type { Admission, StoredProject } from '../../../src/domain/store.ts';
import type { Micros } from '../../../src/domain/time.ts';
import { type Connections, connections, statement } from '../../../src/state/postgres/connection.ts';
import { OwnedProjects } from '../../../src/state/postgres/owned.ts';
import { prepareState } from '../../../src/state/postgres/prepare.ts';
import { PostgresStore, type StoreParts } from '../../../src/state/postgres/store.ts';
import { parsePostgresUrl } from '../../../src/state/postgres/url.ts';
import type { PostgresServer } from '../../support/postgres.ts';
import { closing, type Kind } from '../contract/kind.ts';
import { Listener } from '../contract/listener.ts';

const CENSUS = statement(
  't_census',
  'UPDATE llamacloud_exporter.census SET member = $1, fence = fence + 1 RETURNING fence',
);
const CLAIM = statement(
  't_claim',
  `UPDATE llamacloud_exporter.ledger SET owner = $1, fence = fence + 1
   WHERE project > 0 AND owner IS DISTINCT FROM $1 RETURNING project, fence, commit_id::text`,
);

/** Events of a member. */
export class Replicas {
  readonly lost: string[] = [];
  doubts = 0;

  commitLost(reason: string): void {
    this.lost.push(reason);
  }

  commitInDoubt(): void {
    this.doubts++;
  }
}

/** A store that takes the census, and claims whatever it sees. */
export class Member extends PostgresStore {
  readonly connections: Connections;
  readonly owned: OwnedProjects;
  readonly replicas: Replicas;
  readonly #id: string;

  constructor(id: string, parts: StoreParts & { readonly replicas: Replicas }) {
    super(parts);
    this.#id = id;
    this.connections = parts.connections;
    this.owned = parts.owned;
    this.replicas = parts.replicas;
  }

  override async admit(
    account: string,
    at: Micros | null,
    admissions: readonly Admission[],
  ): Promise<readonly StoredProject[]> {
    const stored = await super.admit(account, at, admissions);
    await this.claim();
    return stored;
  }

  async claim(): Promise<void> {
    const rows = await this.connections.work.query<readonly [number, number, string]>(CLAIM, this.#id);
    for (const [key, fence, commitId] of rows) this.owned.set(key, { fence, commitId });
  }
}

export type Opening = {
  readonly listener?: Listener;
  readonly isAlive?: () => boolean;
  readonly password?: string | null;
};

/** Prepares the state at `url` and opens it; closed when the test ends. */
export async function openMember(url: string, opening: Opening = {}): Promise<Member> {
  const { listener = new Listener(), isAlive = () => true, password = null } = opening;
  const settings = { url: parsePostgresUrl(url), password: () => password, applicationName: 'test' };
  const three = connections(settings, listener.logger);
  const { isNew } = await prepareState(three);
  const id = randomUUID();
  const [census] = await three.work.query<readonly [number]>(CENSUS, id);
  const hold = { member: id, fence: census?.[0] ?? 0 };
  const observer = { ...SILENT, ...listener.observer };
  const parts = { connections: three, owned: new OwnedProjects(), observer, replicas: new Replicas(), isAlive, isNew };
  const member = new Member(id, { ...parts, census: () => hold });
  await member.claim();
  closing(member);
  return member;
}

/** `server` is asked once the tests run; `port` of what stands before it. */
export function postgresKind(name: string, server: () => PostgresServer, port: () => number): Kind {
  return {
    name,
    share: 0.1,
    place: async () => {
      const url = server().url(await server().emptyDatabase(), port());
      return { open: (listener) => openMember(url, listener === undefined ? {} : { listener }) };
    },
  };
}
