/** Opening a state that several processes share: the entry of this room for the composition root. */
import { randomUUID } from 'node:crypto';
import type { ExporterError } from '../../domain/errors.ts';
import type { Logger } from '../../domain/logger.ts';
import type { Observer } from '../../domain/observer.ts';
import type { Refresher, ReplicaObserver, Replicas } from '../../domain/replicas.ts';
import type { Publisher } from '../../domain/serving.ts';
import type { Clock } from '../../domain/time.ts';
import { closeAll, connections } from './connection.ts';
import type { ZeroTotals } from './failover/renew-project.ts';
import { clientOf } from './members/database.ts';
import { createMember } from './members/member.ts';
import { TUNING, type Tuning } from './members/tuning.ts';
import { OwnedProjects } from './owned.ts';
import { prepareState } from './prepare.ts';
import type { Sink } from './refresh/publishing.ts';
import { PostgresStore } from './store.ts';
import { parsePostgresUrl } from './url.ts';

export type PostgresDeps = {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly observer: Observer;
  readonly replicaObserver: ReplicaObserver;
  /** `--member.name`: who this process is to people and to hashing. */
  readonly name: string;
  readonly version: string;
  /** Hash of all that moves counters, polling, selection, account names and base URLs, as configured now. */
  readonly rules: () => string;
  /** The password where the URL has none, asked for at every connect; null: there is none. */
  readonly password: () => Promise<string | null> | string | null;
  readonly zeroTotals: ZeroTotals;
  /** Where the project part is served from: everything that any member has committed comes here. */
  readonly sink: Sink;
  /** The process cannot continue. */
  readonly fatal: (error: ExporterError) => void;
};

export type PostgresState = {
  readonly store: PostgresStore;
  readonly replicas: Replicas;
  readonly refresher: Refresher;
  /** For this member's own projects: what it is given is served by all members, within a second. */
  readonly publisher: Publisher;
  /** Writes at once what the publisher has waiting: before projects are given back. Never rejects. */
  readonly flush: () => Promise<void>;
  readonly close: () => Promise<void>;
};

/**
 * Connects, checks the server and brings the schema up to date; nothing is claimed, and no lease is taken, before `replicas.run`.
 * Rejects with an ExporterError of code `config` or `startup`.
 */
export function openPostgres(url: string, deps: PostgresDeps): Promise<PostgresState> {
  return openTunedPostgres(url, deps, TUNING);
}

/** `openPostgres` with other times. */
export async function openTunedPostgres(url: string, deps: PostgresDeps, tuning: Tuning): Promise<PostgresState> {
  const { logger, name, version, rules } = deps;
  const settings = { url: parsePostgresUrl(url), password: deps.password, applicationName: 'llamacloud-exporter' };
  const lines = connections(settings, logger);
  const { lease, work, refresh } = lines;
  try {
    const { isNew } = await prepareState(lines);
    if (isNew) logger.warn('Created a new state: counters start at 0', { location: work.location });
    const id = randomUUID();
    const owned = new OwnedProjects();
    const clients = { lease: clientOf(lease), work: clientOf(work), refresh: clientOf(refresh) };
    const self = () => ({ id, name, version, rules: rules() });
    const { replicas, refresher, discoveryLease, shownBy } = createMember(clients, owned, { ...deps, self }, tuning);
    const isAlive = (): boolean => replicas.isAlive();
    const { observer, replicaObserver } = deps;
    const store = new PostgresStore({
      owned,
      replicas: replicaObserver,
      isAlive,
      observer,
      connections: lines,
      discoveryLease,
      isNew,
    });
    const publisher = shownBy((shown) => store.saveShown(shown));
    const close = async (): Promise<void> => {
      await publisher.stop();
      await store.close();
    };
    return { store, replicas, refresher, publisher, flush: () => publisher.flush(), close };
  } catch (error) {
    await closeAll(lines);
    throw error;
  }
}
