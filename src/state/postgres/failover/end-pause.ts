/** The end of the pause after a failover: from here on the state goes by the new timeline. */
import { type Client, define } from '../members/database.ts';

const END = define(
  'failover_end',
  ['timeline'],
  `
UPDATE llamacloud_exporter.meta SET timeline = $2
WHERE timeline = $1 AND llamacloud_exporter.timeline() = $2
RETURNING timeline`,
);

/** False: another member was quicker, or the server has failed over again. */
export async function endPause(client: Client, from: string, to: string): Promise<boolean> {
  return (await client.query(END, [from, to])).length > 0;
}
