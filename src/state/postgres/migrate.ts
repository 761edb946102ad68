/** Brings the schema up to date; members that start at the same time wait for each other. */
import { ExporterError } from '../../domain/errors.ts';
import type { Columns, Connection } from './connection.ts';
import { PostgresError, sqlState } from './errors.ts';
import { MIGRATIONS } from './migrations/index.ts';

type Run = <T extends Columns>(text: string) => Promise<readonly T[]>;

/** What two members meet that make the schema at once: unique violation, duplicate schema, table, function. */
const MADE_MEANWHILE = ['23505', '42P06', '42P07', '42723'];
const MOST_RACES = 10;

/** True when this call has made the state. Rejects with a PostgresError, or with an ExporterError of code `startup`. */
export async function migrate(connection: Connection): Promise<boolean> {
  let isNew = false;
  for (let races = 0; ; ) {
    try {
      const version = await connection.transaction((run) => step(run, connection.location));
      if (version === null) return isNew;
      isNew ||= version === 0;
    } catch (error) {
      const code = sqlState(error instanceof PostgresError ? error.cause : error);
      if (!MADE_MEANWHILE.includes(code) || ++races > MOST_RACES) throw error;
    }
  }
}

/** Within a transaction: one migration. Answers the version that was there before; null: nothing was to be done. */
async function step(run: Run, location: string): Promise<number | null> {
  const version = await currentVersion(run, location);
  const migration = MIGRATIONS[version];
  if (migration === undefined) return null;
  if (version === 0) await makeSchema(run);
  await run(migration);
  if (version === 0) await run(FIRST_ROWS);
  else await run(`UPDATE llamacloud_exporter.meta SET version = ${version + 1}`);
  return version;
}

/** 0: there is no state yet. Holds the row of `meta`, so that others wait. */
async function currentVersion(run: Run, location: string): Promise<number> {
  const [exists] = await run<[boolean]>(`SELECT to_regclass('llamacloud_exporter.meta') IS NOT NULL`);
  if (exists?.[0] !== true) return 0;
  const [row] = await run<[number, number]>('SELECT version, writers_from FROM llamacloud_exporter.meta FOR UPDATE');
  const [version, writersFrom] = row ?? [0, 0];
  if (writersFrom > MIGRATIONS.length) {
    throw new ExporterError(
      'startup',
      `The state ${location} has schema ${version}, to be written by versions that know ${writersFrom}; this one knows ${MIGRATIONS.length}.`,
      'Start the version that wrote it, or a later one.',
    );
  }
  return version;
}

/** `CREATE SCHEMA IF NOT EXISTS` wants the right to make one even where it exists, prepared by an administrator. */
async function makeSchema(run: Run): Promise<void> {
  const [exists] = await run<[boolean]>(`SELECT to_regnamespace('llamacloud_exporter') IS NOT NULL`);
  if (exists?.[0] !== true) await run('CREATE SCHEMA llamacloud_exporter');
}

const FIRST_ROWS = `
INSERT INTO llamacloud_exporter.meta (version, writers_from, created_at, system_identifier, timeline)
SELECT 1, 1, llamacloud_exporter.now_us(), system_identifier::text, llamacloud_exporter.timeline() FROM pg_control_system();
INSERT INTO llamacloud_exporter.census DEFAULT VALUES;
`;
