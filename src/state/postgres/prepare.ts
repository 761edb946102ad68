/** Everything that must hold before a shared state is used: the server, the schema, the cluster, the self-test. */
import type { Connections } from './connection.ts';
import { atStartup } from './errors.ts';
import { migrate } from './migrate.ts';
import { selfTest } from './self-test.ts';
import { readServerFacts, refuseOtherCluster, refuseUnsuitable } from './server-check.ts';

/** Answers whether the state was made by this call. Rejects with an ExporterError of code `startup`. */
export async function prepareState(connections: Connections): Promise<{ readonly isNew: boolean }> {
  const { work } = connections;
  try {
    const facts = await readServerFacts(work);
    refuseUnsuitable(facts, work.location);
    const isNew = await migrate(work);
    await refuseOtherCluster(work, facts);
    await selfTest(connections);
    return { isNew };
  } catch (error) {
    throw atStartup(error, work.location);
  }
}
