/** The self-test at start: a database that lets a commit through under a stale fence would count runs twice, and is refused. */
import { randomInt, randomUUID } from 'node:crypto';
import { ExporterError } from '../../domain/errors.ts';
import { COMMIT } from './committer.ts';
import { type Connections, statement } from './connection.ts';

const INSERT = statement(
  'test_insert',
  `INSERT INTO llamacloud_exporter.ledger (project, fence, commit_id, version, value, checksum)
   VALUES ($1, 1, $2, gen_random_uuid(), '', 0)`,
);
/** From a failover until the members have agreed on it no commit is accepted: nothing is wrong with the server then. */
const IS_PAUSED = statement(
  'test_paused',
  'SELECT timeline <> llamacloud_exporter.timeline() FROM llamacloud_exporter.meta',
);
const DELETE = statement('test_delete', 'DELETE FROM llamacloud_exporter.ledger WHERE project = $1');

/** A commit with nothing in it but its new id. */
const EMPTY = ['', 0, 0, 0, 0, null, null, null, null, null, null, null, null, null, null];

/**
 * Two connections race for a row of their own: one raises its fence in a transaction, the other commits under the old fence meanwhile.
 * Leaves nothing behind. Rejects with a PostgresError, or with an ExporterError of code `startup`.
 */
export async function selfTest({ work, read }: Connections): Promise<void> {
  const project = -1 - randomInt(2 ** 30);
  const [known, next] = [randomUUID(), randomUUID()];
  const commit = async (fence: number, id: string): Promise<boolean> => {
    const [row] = await work.query<readonly [boolean]>(COMMIT, project, fence, id, next, ...EMPTY);
    return row?.[0] === true;
  };
  await work.query(INSERT, project, known);
  try {
    const raced: Promise<boolean>[] = [];
    await read.transaction(async (run) => {
      await run(`UPDATE llamacloud_exporter.ledger SET fence = 2 WHERE project = ${project}`);
      raced.push(commit(1, known));
    });
    const refused = [...(await Promise.all(raced)), await commit(1, known), await commit(2, randomUUID())];
    const [paused] = await work.read<readonly [boolean]>(IS_PAUSED);
    const accepted = await commit(2, known);
    if (refused.includes(true)) throw unfit(work.location, 'accepted a commit under a stale fence');
    if (!accepted && paused?.[0] !== true) throw unfit(work.location, 'refused a commit that was right');
  } finally {
    await work.query(DELETE, project);
  }
}

function unfit(location: string, finding: string): ExporterError {
  const fix = 'Use PostgreSQL 14 or later itself; nothing that only speaks its protocol is supported.';
  return new ExporterError('startup', `The state ${location} ${finding} in the self-test.`, fix);
}
