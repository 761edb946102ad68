/** The second statement of a refresh: the version of every project, packed, to find those that differ from what is known. */
import { type Client, define } from '../members/database.ts';
import { NO_SCRATCH, VERSION_HASH } from './situation.ts';

const VERSIONS = define(
  'refresh_versions',
  ['packed'],
  `
SELECT string_agg(int4send(l.project) || int8send(${VERSION_HASH}), ''::bytea)
FROM llamacloud_exporter.ledger AS l WHERE ${NO_SCRATCH}`,
);

const KEY_BYTES = 4;
const ENTRY_BYTES = 12;

/** Hashes of versions by the projects' keys. */
export class Versions {
  readonly #packed: Buffer;

  /** `packed`: twelve bytes for each project, key and hash. */
  constructor(packed: Buffer) {
    this.#packed = packed;
  }

  *keys(): IterableIterator<number> {
    for (let at = 0; at < this.#packed.length; at += ENTRY_BYTES) yield this.#packed.readInt32BE(at);
  }

  *entries(): IterableIterator<readonly [key: number, hash: bigint]> {
    for (let at = 0; at < this.#packed.length; at += ENTRY_BYTES) {
      yield [this.#packed.readInt32BE(at), this.#packed.readBigInt64BE(at + KEY_BYTES)];
    }
  }
}

export async function readVersions(client: Client): Promise<Versions> {
  const [row] = await client.query<{ readonly packed: Buffer | null }>(VERSIONS, []);
  return new Versions(row?.packed ?? Buffer.alloc(0));
}
