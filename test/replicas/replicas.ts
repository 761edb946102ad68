/** Replicas in tests: real processes over one database, and what its ledger says of the owners. */
import { appendFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Running } from '../cli/program.ts';
import { kill, launch, listening, type Place, place } from '../kill/exporter-process.ts';
import type { Happened, LivingWorld } from '../kill/living-world.ts';
import { allKnown, counted } from '../kill/scrape.ts';
import { PostgresServer } from '../support/postgres.ts';
import { until } from '../support/until.ts';

export type Replica = { readonly name: string; readonly running: Running; readonly url: string; readonly here: Place };

/** How long a busy machine may take for what takes a second. */
export const PATIENCE_S = 60;
const DATABASE = 'exporter';

const OWNERS = `
  SELECT m.name, count(*)::int AS projects
  FROM llamacloud_exporter.ledger AS l JOIN llamacloud_exporter.project AS p ON p.key = l.project
    LEFT JOIN llamacloud_exporter.member AS m ON m.id = l.owner
  WHERE p.left_at IS NULL GROUP BY m.id, m.name`;

export class Replicas {
  readonly server: PostgresServer;
  readonly #world: LivingWorld;
  readonly #running = new Set<Replica>();

  private constructor(server: PostgresServer, world: LivingWorld) {
    this.server = server;
    this.#world = world;
  }

  static async over(world: LivingWorld): Promise<Replicas> {
    const server = await PostgresServer.start();
    await server.query('postgres', `CREATE DATABASE ${DATABASE} TEMPLATE template0`);
    return new Replicas(server, world);
  }

  /** A configuration of its own over the common database. `settings`: further lines of the file. */
  place(...settings: string[]): Place {
    const here = place(this.#world.simulator.url, this.server.url(DATABASE));
    appendFileSync(here.config, settings.map((line) => `${line}\n`).join(''));
    return here;
  }

  /** Resolves once it listens, which it does before it owns anything. */
  async start(name: string, here = this.place()): Promise<Replica> {
    const running = launch(here, {}, `--member.name=${name}`);
    const replica = { name, running, url: await listening(running), here };
    this.#running.add(replica);
    return replica;
  }

  /** Several at once, which share all projects when this resolves. */
  async startAll(...names: string[]): Promise<readonly Replica[]> {
    const replicas = await Promise.all(names.map((name) => this.start(name)));
    await this.untilOwners((owners) => names.every((name) => owners.has(name)) && !owners.has(null));
    return replicas;
  }

  async kill(replica: Replica): Promise<void> {
    this.#running.delete(replica);
    await kill(replica.running);
  }

  /** By SIGTERM; the exit code. */
  async stop(replica: Replica): Promise<number | null> {
    this.#running.delete(replica);
    replica.running.child.kill('SIGTERM');
    return (await replica.running.ended).code;
  }

  /** Projects by the name of their owner; null: they have none. */
  async owners(): Promise<ReadonlyMap<string | null, number>> {
    const rows = await this.server.query(DATABASE, OWNERS);
    return new Map(rows.map((row) => [row['name'] as string | null, row['projects'] as number]));
  }

  async untilOwners(isSo: (owners: ReadonlyMap<string | null, number>) => boolean): Promise<number> {
    const since = performance.now();
    let last: ReadonlyMap<string | null, number> = new Map();
    const look = async (): Promise<boolean> => isSo((last = await this.owners()));
    await until('owners', look, PATIENCE_S).catch((cause) => {
      throw new Error(`the owners are ${JSON.stringify([...last])}`, { cause });
    });
    return performance.now() - since;
  }

  /** Waits until no project has changed its owner for a while: longer than a heartbeat. */
  async untilStill(): Promise<void> {
    for (let last = '', same = 0; same < 10; await sleep(300)) {
      const now = JSON.stringify([...(await this.owners())].toSorted(([a], [b]) => String(a).localeCompare(String(b))));
      same = now === last ? same + 1 : 0;
      last = now;
    }
  }

  /** Waits until every project was swept whole twice, and every session is verified. */
  async untilKnown(replica: Replica): Promise<void> {
    const { length } = this.#world.projects;
    await until('projects known', async () => allKnown((await projectPart(replica)) ?? '', length), PATIENCE_S);
  }

  /** By project: what a replica shows. */
  async counted(replica: Replica): Promise<Record<string, Happened | null>> {
    const text = (await projectPart(replica)) ?? '';
    return Object.fromEntries(this.#world.projects.map((id) => [id, counted(text, id)]));
  }

  /** By project: what is true. */
  truth(): Record<string, Happened> {
    return Object.fromEntries(this.#world.projects.map((id) => [id, this.#world.truth(id)]));
  }

  /** With life at rest: what a replica shows once that is the truth, and has been polled twice more. */
  async settled(replica: Replica): Promise<Record<string, Happened | null>> {
    const truth = JSON.stringify(this.truth());
    const isShown = async (): Promise<boolean> => JSON.stringify(await this.counted(replica)) === truth;
    await until('the truth', isShown, PATIENCE_S).catch(() => undefined);
    await sleep(2_000);
    return await this.counted(replica);
  }

  async stopAll(): Promise<void> {
    await Promise.all([...this.#running].map((replica) => this.kill(replica)));
    await this.server.stop();
  }
}

/** `/metrics/projects`; null where it answers anything but 200. */
export async function projectPart({ url }: Pick<Replica, 'url'>): Promise<string | null> {
  const response = await fetch(`${url}/metrics/projects`).catch(() => null);
  const text = await response?.text().catch(() => null);
  return response?.ok === true ? (text ?? null) : null;
}
