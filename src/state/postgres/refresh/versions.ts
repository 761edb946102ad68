/** The second statement of a refresh: the version of every project, packed, to find those that differ from what is known. */
import { type Client, define } from '../members/database.ts';
import { NO_SCRATCH, VERSION_HASH } from './situation.ts';

/** Hashes of versions by the projects' keys. */
export type Versions = ReadonlyMap<number, bigint>;

type Packed = { readonly keys: Buffer | null; readonly hashes: Buffer | null };

const VERSIONS = define(
  'refresh_versions',
  ['keys', 'hashes'],
  `
SELECT string_agg(int4send(l.project), ''::bytea ORDER BY l.project),
  string_agg(int8send(${VERSION_HASH}), ''::bytea ORDER BY l.project)
FROM llamacloud_exporter.ledger AS l WHERE ${NO_SCRATCH}`,
);

const KEY_BYTES = 4;
const HASH_BYTES = 8;

export async function readVersions(client: Client): Promise<Versions> {
  const [row] = await client.query<Packed>(VERSIONS, []);
  const { keys, hashes } = row ?? {};
  const versions = new Map<number, bigint>();
  if (keys === null || keys === undefined || hashes === null || hashes === undefined) return versions;
  for (let no = 0; no * KEY_BYTES < keys.length; no += 1) {
    versions.set(keys.readInt32BE(no * KEY_BYTES), hashes.readBigInt64BE(no * HASH_BYTES));
  }
  return versions;
}
