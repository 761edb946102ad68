/** PostgreSQL as a kind of state: members that own every project, on an emptied database. */
import { randomUUID } from 'node:crypto';
import { systemClock } from '../../../src/clock.ts';
import type { Admission, Store, StoredProject } from '../../../src/domain/store.ts';
import type { Micros } from '../../../src/domain/time.ts';
import { type Connections, connections, statement } from '../../../src/state/postgres/connection.ts';
import { OwnedProjects } from '../../../src/state/postgres/owned.ts';
import { prepareState } from '../../../src/state/postgres/prepare.ts';
import { renewPostgres } from '../../../src/state/postgres/renew.ts';
import { PostgresStore, type StoreParts } from '../../../src/state/postgres/store.ts';
import { parsePostgresUrl } from '../../../src/state/postgres/url.ts';
import { RecordingLogger } from '../../fakes/recording-logger.ts';
import type { PostgresServer } from '../../support/postgres.ts';
import { closing, type Kind, type Place } from '../contract/kind.ts';
import { Listener } from '../contract/listener.ts';
import { ZERO_TOTALS } from '../contract/values.ts';

const DISCOVERY = statement(
  't_discovery',
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

/** A store that takes the discovery lease, and claims whatever it sees. */
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

export type Opening = { readonly listener?: Listener; readonly isAlive?: () => boolean };

/** The connections of one member, on the server that `url` names. */
export function connect(
  url: string,
  listener = new Listener(),
  password: () => string | null = () => null,
): Connections {
  return connections({ url: parsePostgresUrl(url), password, applicationName: 'test' }, listener.logger);
}

/** Opens the prepared state at `url`; closed when the test ends. */
export async function openMember(url: string, opening: Opening = {}): Promise<Member> {
  const three = connect(url, opening.listener);
  const member = await memberOn(three, false, opening);
  closing(member);
  return member;
}

/** A member on a database of its own; the caller closes it. */
export async function freshMember(server: PostgresServer): Promise<Member> {
  const three = connect(await server.freshDatabase());
  const { isNew } = await prepareState(three);
  return memberOn(three, isNew, {});
}

async function memberOn(three: Connections, isNew: boolean, opening: Opening): Promise<Member> {
  const { listener = new Listener(), isAlive = () => true } = opening;
  const id = randomUUID();
  const [lease] = await three.work.query<readonly [number]>(DISCOVERY, id);
  const hold = { member: id, fence: lease?.[0] ?? 0 };
  const { observer } = listener;
  const parts = { connections: three, owned: new OwnedProjects(), observer, replicas: new Replicas(), isAlive, isNew };
  const member = new Member(id, { ...parts, discoveryLease: () => hold });
  await member.claim();
  return member;
}

const TABLES = [
  'project',
  'ledger',
  'cursors',
  'session',
  'malformed',
  'minute',
  'index_count',
  'forgotten',
  'account',
];
const EMPTY = statement(
  't_empty',
  `WITH ${TABLES.map((table) => `d_${table} AS (DELETE FROM llamacloud_exporter.${table})`).join(', ')} SELECT 1`,
);

/** Makes the database of the file's tests at the first call, and empties its tables at each: quicker than another one. Answers its name. */
export async function emptyState(server: PostgresServer): Promise<string> {
  if (!prepared.has(server)) {
    const three = connect(await server.freshDatabase());
    await prepareState(three);
    for (const connection of Object.values(three)) await connection.close();
    prepared.add(server);
  }
  await server.query('test_1', EMPTY.text);
  return 'test_1';
}

const prepared = new WeakSet<PostgresServer>();

/** One schema and three connections for all tests of a file: new ones would take most of the time. Tables are emptied instead. */
export class PostgresKind implements Kind {
  readonly name: string;
  readonly share = 0.1;
  #three: Connections | null = null;

  constructor(name: string) {
    this.name = name;
  }

  async start(url: string): Promise<void> {
    this.#three = connect(url);
    await prepareState(this.#three);
  }

  async stop(): Promise<void> {
    for (const connection of Object.values(this.#three ?? {})) await connection.close();
  }

  async place(): Promise<Place> {
    const three = this.#three;
    if (three === null) throw new Error('not started');
    await three.work.query(EMPTY);
    let isNew = true;
    const open = async (listener = new Listener()): Promise<Store> => {
      const member = await memberOn(three, isNew, { listener });
      isNew = false;
      return Object.assign(member, { close: async () => {} });
    };
    return { open };
  }
}

/** Renews a state as `state renew` does; the number of projects that it renewed. */
export function renew(url: string, keep = false): Promise<number> {
  return renewPostgres(url, {
    clock: systemClock,
    logger: new RecordingLogger(),
    name: 'host',
    version: 'test',
    password: () => null,
    zeroTotals: () => ZERO_TOTALS,
    keep,
  });
}
