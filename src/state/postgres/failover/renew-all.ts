/** `state renew`: takes a state over that was restored from a backup or moved, while no exporter is running. */
import { ExporterError } from '../../../domain/errors.ts';
import type { Clock, Micros } from '../../../domain/time.ts';
import { beat, giveBack, type Self } from '../members/beat.ts';
import { CLOCK, type Client, define, stands } from '../members/database.ts';
import { renewProject, type ZeroTotals } from './renew-project.ts';

export type Renewal = {
  readonly client: Client;
  /** For the lease alone. */
  readonly beats: Client;
  readonly clock: Clock;
  readonly self: Self;
  readonly zeroTotals: ZeroTotals;
  readonly lease: Micros;
  readonly beatMs: number;
};

const OTHERS = define(
  'renew_others',
  ['name'],
  `
WITH ${CLOCK}
SELECT m.name FROM clock, llamacloud_exporter.member AS m WHERE m.id <> $1::uuid AND ${stands('m.lease_until', '$2')} ORDER BY m.name`,
);

const PROJECTS = define(
  'renew_projects',
  ['project', 'rev'],
  'SELECT project, rev FROM llamacloud_exporter.ledger WHERE project >= 0 ORDER BY project',
);

const ADOPT_SERVER = define(
  'renew_server',
  [],
  `
UPDATE llamacloud_exporter.meta
SET system_identifier = (SELECT system_identifier::text FROM pg_control_system()), timeline = llamacloud_exporter.timeline(),
  generation = generation + $1::int`,
);

/** Under a lease of its own: refuses while others stand, and is seen by those that come. Gives the lease back at the end. */
async function alone(renewal: Renewal, work: () => Promise<void>): Promise<void> {
  const { client, beats, self, lease } = renewal;
  await beat(beats, self, lease);
  const end = new AbortController();
  const beating = keepLease(renewal, end.signal);
  try {
    const others = await client.query<{ readonly name: string }>(OTHERS, [self.id, lease]);
    if (others.length > 0) throw running(others.map(({ name }) => name));
    await work();
  } finally {
    end.abort();
    await beating;
    await giveBack(beats, self.id);
  }
}

/** A heartbeat that fails is harmless: the next one follows. */
async function keepLease({ beats, clock, self, lease, beatMs }: Renewal, signal: AbortSignal): Promise<void> {
  for (;;) {
    await clock.sleep(beatMs, signal).catch(() => {});
    if (signal.aborted) return;
    await beat(beats, self, lease).catch(() => {});
  }
}

/** Counters keep their values: for a database that has moved and lost nothing (pg_upgrade, a planned move). */
export function keepState(renewal: Renewal): Promise<void> {
  return alone(renewal, async () => void (await renewal.client.query(ADOPT_SERVER, [0])));
}

/**
 * Every project begins again at 0, its recorded sessions as the baseline. Cut off half way it may be repeated: what was renewed already is
 * renewed once more. Answers the number of projects.
 */
export async function renewState(renewal: Renewal): Promise<number> {
  const { client, zeroTotals } = renewal;
  let projects = 0;
  await alone(renewal, async () => {
    const all = await client.query<{ readonly project: number; readonly rev: number }>(PROJECTS, []);
    for (const { project, rev } of all) await renewProject(client, project, rev, zeroTotals);
    projects = all.length;
    await client.query(ADOPT_SERVER, [1]);
  });
  return projects;
}

function running(names: readonly string[]): ExporterError {
  return new ExporterError(
    'startup',
    `The state is in use: ${names.length === 1 ? 'a replica is' : 'replicas are'} running (${names.join(', ')}).`,
    'Stop all replicas, wait for ten seconds, and run the command again.',
  );
}
