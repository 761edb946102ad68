/** A group of members over one real database, and what they share out among themselves. */
import { PostgresServer } from '../../../support/postgres.ts';
import { type MemberOptions, TestMember, until } from './support.ts';

/** A database for the members of a test file, and the members that joined it. */
export class MemberGroup {
  readonly #members = new Set<TestMember>();
  readonly #server: PostgresServer;
  readonly url: string;

  private constructor(server: PostgresServer, url: string) {
    this.#server = server;
    this.url = url;
  }

  static async start(): Promise<MemberGroup> {
    const server = await PostgresServer.start();
    try {
      const group = new MemberGroup(server, await server.freshDatabase());
      await group.part(await group.join('first')).stop();
      return group;
    } catch (error) {
      await server.stop();
      throw error;
    }
  }

  async join(name: string, options: MemberOptions = {}): Promise<TestMember> {
    const member = (await TestMember.open(this.url, name, options)).start();
    this.#members.add(member);
    return member;
  }

  /** Takes a member out of the group: its test ends it. */
  part(member: TestMember): TestMember {
    this.#members.delete(member);
    return member;
  }

  /** Stops all members, and empties the state. */
  async clear(): Promise<void> {
    await Promise.all([...this.#members].map((member) => member.stop()));
    this.#members.clear();
    await this.sql(`TRUNCATE llamacloud_exporter.member, llamacloud_exporter.account, llamacloud_exporter.project, llamacloud_exporter.ledger,
        llamacloud_exporter.cursors, llamacloud_exporter.session, llamacloud_exporter.minute`);
    await this.sql('UPDATE llamacloud_exporter.census SET member = NULL, fence = 0, lease_until = 0');
    await this.sql('UPDATE llamacloud_exporter.meta SET rules = NULL');
  }

  stop(): Promise<void> {
    return this.#server.stop();
  }

  /** One statement; the first row. */
  async sql(text: string, values: unknown[] = []): Promise<Record<string, unknown> | undefined> {
    const rows = await this.#server.query(new URL(this.url).pathname.slice(1), text, values);
    return (rows as typeof rows | undefined)?.[0];
  }
}

/** The member that discovers. */
export async function holder(members: readonly TestMember[]): Promise<TestMember> {
  await until('somebody discovers', () => members.some(({ discovers }) => discovers));
  return members.find(({ discovers }) => discovers) as TestMember;
}

/** How many projects each of the members holds. */
export function shares(members: readonly TestMember[]): readonly number[] {
  return members.map(({ held }) => held.size);
}

/** True when the members together hold every one of `count` projects, none twice, and each holds some. */
export function areShared(members: readonly TestMember[], count: number): boolean {
  const keys = members.flatMap(({ held }) => [...held.keys()]);
  return keys.length === count && new Set(keys).size === count && Math.min(...shares(members)) > 0;
}
