/** The discovery lease (`domain/replicas.ts`): who holds it, and under which fence. */
import type { Micros } from '../../../domain/time.ts';
import { type Client, define, LOCALLY } from './database.ts';

/** Read where it stands, also after a wait for the row: another member's lease may be younger than the start of the statement. */
const NOW = 'llamacloud_exporter.now_us()';

const stands = (until: string): string => `(${until} > ${NOW} AND ${until} <= ${NOW} + $2::bigint)`;

const TAKE = define(
  'discovery_take',
  ['fence'],
  `
WITH ${LOCALLY}
UPDATE llamacloud_exporter.census AS c SET member = $1::uuid, lease_until = ${NOW} + $2::bigint,
  fence = CASE WHEN c.member = $1::uuid AND ${stands('c.lease_until')} THEN c.fence ELSE c.fence + 1 END
FROM locally
WHERE (c.member IS NULL OR c.member = $1::uuid OR NOT ${stands('c.lease_until')})
  AND EXISTS (SELECT FROM llamacloud_exporter.member AS m WHERE m.id = $1::uuid AND ${stands('m.lease_until')})
RETURNING c.fence`,
);

const LEAVE = define(
  'discovery_leave',
  [],
  'UPDATE llamacloud_exporter.census SET member = NULL, lease_until = 0 WHERE member = $1::uuid',
);

export class DiscoveryLease {
  readonly #client: Client;
  readonly #lease: Micros;
  #fence: number | null = null;

  constructor(client: Client, lease: Micros) {
    this.#client = client;
    this.#lease = lease;
  }

  /** What a discovery must find in the database to be recorded; null: another member holds the discovery lease. */
  get fence(): number | null {
    return this.#fence;
  }

  /** Takes the lease if it is free, or renews it. Rejects with an ExporterError; then nothing is held. */
  async take(id: string): Promise<void> {
    const rows = await this.#client
      .query<{ readonly fence: number }>(TAKE, [id, this.#lease])
      .catch((error: unknown) => {
        this.#fence = null;
        throw error;
      });
    this.#fence = rows[0]?.fence ?? null;
  }

  /** Lets another member take it. */
  async leave(id: string): Promise<void> {
    if (this.#fence === null) return;
    this.#fence = null;
    await this.#client.query(LEAVE, [id]);
  }

  /** The member is dead: whoever holds the lease now, it is not this one. */
  lose(): void {
    this.#fence = null;
  }
}
