/** What `check` makes of the role's rights and of the state in the database: every finding with the SQL to run. Pure. */
import type { StateFinding } from '../../../domain/state-check.ts';
import type { DatabaseFacts } from './facts.ts';
import { ok, quoted } from './server-findings.ts';
import type { StateFacts } from './state-facts.ts';

const SCHEMA = 'llamacloud_exporter';

export function rightsFindings({ rights, role, database }: DatabaseFacts): readonly StateFinding[] {
  const to = quoted(role);
  return [schemaRight(), functionRights()];

  function schemaRight(): StateFinding {
    const failed = (found: string, fix: string): StateFinding => ({ what: 'rights', found, verdict: 'failed', fix });
    if (!rights.hasSchema) {
      if (rights.mayCreateSchema) return ok('rights', 'may create the schema');
      const fix = `GRANT CREATE ON DATABASE ${quoted(database)} TO ${to}; or CREATE SCHEMA ${SCHEMA} AUTHORIZATION ${to};`;
      return failed('may not create the schema', fix);
    }
    if (rights.foreignTables.length > 0) {
      const tables = rights.foreignTables.map((table) => `ALTER TABLE ${SCHEMA}.${quoted(table)} OWNER TO ${to};`);
      return failed('tables belong to another role', [ownership(), ...tables].join(' '));
    }
    if (rights.mayUseSchema) return ok('rights', rights.ownsSchema ? 'owns the schema' : 'may use the schema');
    return failed('may not use the schema', ownership());
  }

  function ownership(): string {
    return `ALTER SCHEMA ${SCHEMA} OWNER TO ${to};`;
  }

  function functionRights(): StateFinding {
    const denied = rights.deniedFunctions;
    if (denied.length === 0) return ok('functions', 'may be called');
    const fix = denied.map((name) => `GRANT EXECUTE ON FUNCTION pg_catalog.${name} TO ${to};`).join(' ');
    return { what: 'functions', found: `${denied.length} denied`, verdict: 'failed', fix };
  }
}

/** `rules`: the hash of the configuration that `check` was started with. */
export function stateFindings(state: StateFacts | null, facts: DatabaseFacts, rules: string): readonly StateFinding[] {
  if (state === null) return [ok('state', 'none yet: the first start makes it')];
  return [schema(state), cluster(state, facts), members(state, rules), projects(state)];
}

function schema({ version, writersFrom, known }: StateFacts): StateFinding {
  if (writersFrom > known) {
    const fix = 'Start the version that wrote the state, or a later one.';
    return { what: 'schema', found: `version ${version}, this one knows ${known}`, verdict: 'failed', fix };
  }
  if (version < known) return ok('schema', `version ${version}: the next start brings it to ${known}`);
  return ok('schema', `version ${version}`);
}

function cluster({ systemIdentifier }: StateFacts, facts: DatabaseFacts): StateFinding {
  const what = 'written by';
  if (facts.systemIdentifier === '') return { what, found: 'cannot tell', verdict: 'note', fix: 'See functions.' };
  if (systemIdentifier === facts.systemIdentifier) return ok(what, 'this cluster');
  const fix =
    'After a restored backup run `llamacloud-exporter state renew`; after pg_upgrade or a planned move that lost nothing, `state renew --keep`.';
  return { what, found: 'another cluster', verdict: 'failed', fix };
}

function members({ members: living, rules: inForce }: StateFacts, rules: string): StateFinding {
  const what = 'replicas';
  if (living.length === 0) return ok(what, 'none running');
  const found = `${living.length} running: ${living.map(({ name }) => name).join(', ')}`;
  if (inForce === null || inForce === rules) return ok(what, found);
  const fix =
    'They run with another configuration than this one: a replica with this one waits until they have gone. ' +
    'Compare accounts, selection, polling and accounting.';
  return { what, found, verdict: 'note', fix };
}

function projects({ projects: all, unowned, members: living }: StateFacts): StateFinding {
  const what = 'projects';
  if (unowned === 0 || living.length === 0) return ok(what, `${all}`);
  const fix = 'For some seconds after a replica has gone this is as it should be. If it lasts, see the logs.';
  return { what, found: `${all}, ${unowned} without an owner`, verdict: 'note', fix };
}
