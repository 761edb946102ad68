/** `check` against a database: connects, reads in one transaction that cannot write, and judges. */
import type pg from 'pg';
import type { ExporterError } from '../../../domain/errors.ts';
import type { StateCheck, StateFinding } from '../../../domain/state-check.ts';
import { type DialSettings, dial, hangUp } from '../dial.ts';
import { PostgresError } from '../errors.ts';
import { readFacts } from './facts.ts';
import { serverFindings } from './server-findings.ts';
import { readStateFacts } from './state-facts.ts';
import { rightsFindings, stateFindings } from './state-findings.ts';

const TIMEOUTS = { connectMs: 5_000, queryMs: 10_000 };

/** Writes nothing, and never rejects: that a database cannot be reached is a finding. `rules`: the hash of the configuration. */
export async function inspectState(settings: DialSettings, rules: string): Promise<StateCheck> {
  const { location } = settings.url;
  try {
    const client = await dial(settings, TIMEOUTS);
    try {
      return { location, findings: await look(client, rules) };
    } finally {
      hangUp(client);
    }
  } catch (error) {
    return { location, findings: [refused(PostgresError.of(error, location, false))] };
  }
}

async function look(client: pg.Client, rules: string): Promise<readonly StateFinding[]> {
  await client.query('BEGIN TRANSACTION READ ONLY');
  try {
    const facts = await readFacts(client);
    const state = await readStateFacts(client, facts.rights);
    return [...serverFindings(facts), ...rightsFindings(facts), ...stateFindings(state, facts, rules)];
  } finally {
    await client.query('ROLLBACK');
  }
}

function refused({ message, fix }: ExporterError): StateFinding {
  return { what: 'connection', found: 'failed', verdict: 'failed', fix: `${message} ${fix}` };
}
