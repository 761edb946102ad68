/** The heartbeat: a member's lease in the database, taken, renewed and given back. */
import type { Micros } from '../../../domain/time.ts';
import { CLOCK, type Client, define, LOCALLY, stands } from './database.ts';

/** Who a member is: `id` is made at its start, `name` serves hashing and people, `rules` is the hash of its configuration. */
export type Self = {
  readonly id: string;
  readonly name: string;
  readonly version: string;
  readonly rules: string;
};

/** `isUnbroken`: false where the lease had ended, or the row had gone, so that others may have taken what this member had. */
export type Beat = { readonly stoodSince: Micros; readonly isUnbroken: boolean };

const BEAT = define(
  'member_beat',
  ['stoodSince', 'isUnbroken'],
  `
WITH ${CLOCK}, ${LOCALLY}
INSERT INTO llamacloud_exporter.member AS m (id, name, version, rules, started_at, stood_since, lease_until)
SELECT $1::uuid, $2, $3, $4, now, now, now + $5::bigint FROM clock, locally
ON CONFLICT (id) DO UPDATE SET
  name = excluded.name, version = excluded.version, rules = excluded.rules, lease_until = excluded.lease_until,
  stood_since = CASE WHEN m.lease_until > excluded.started_at AND m.lease_until <= excluded.lease_until
    THEN m.stood_since ELSE excluded.stood_since END
RETURNING m.stood_since, m.stood_since < m.lease_until - $5::bigint`,
);

const GIVE_BACK = define(
  'member_give_back',
  [],
  `
WITH gone AS (DELETE FROM llamacloud_exporter.member WHERE id = $1::uuid),
  census AS (UPDATE llamacloud_exporter.census SET member = NULL, lease_until = 0 WHERE member = $1::uuid)
UPDATE llamacloud_exporter.ledger SET owner = NULL, version = gen_random_uuid() WHERE owner = $1::uuid`,
);

const REMOVE_DEAD = define(
  'member_remove_dead',
  [],
  `
WITH ${CLOCK}
DELETE FROM llamacloud_exporter.member USING clock
WHERE id <> $1::uuid AND NOT ${stands('lease_until', '$2')} AND (lease_until < now - $3::bigint OR lease_until > now + $3::bigint)`,
);

/** Takes or renews the lease. A name, version or rules that have changed are written with it. */
export async function beat(client: Client, self: Self, lease: Micros): Promise<Beat> {
  const [row] = await client.query<Beat>(BEAT, [self.id, self.name, self.version, self.rules, lease]);
  return row as Beat;
}

/** Ends the lease, the discovery lease too, and frees what the member still owns: others may take all of it at once. */
export async function giveBack(client: Client, id: string): Promise<void> {
  await client.query(GIVE_BACK, [id]);
}

/** Removes members whose lease ended `age` microseconds ago or earlier. */
export async function removeDead(client: Client, id: string, lease: Micros, age: Micros): Promise<void> {
  await client.query(REMOVE_DEAD, [id, lease, age]);
}
