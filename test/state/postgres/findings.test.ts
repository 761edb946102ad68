/** The verdicts of `check` on a database server, its rights and its state, without a server. */
import { describe, expect, test } from 'vitest';
import type { DatabaseFacts } from '../../../src/state/postgres/inspect/facts.ts';
import { serverFindings } from '../../../src/state/postgres/inspect/server-findings.ts';
import type { StateFacts } from '../../../src/state/postgres/inspect/state-facts.ts';
import { rightsFindings, stateFindings } from '../../../src/state/postgres/inspect/state-findings.ts';

const FACTS: DatabaseFacts = {
  version: 150_018,
  isInRecovery: false,
  synchronousCommit: 'on',
  isolation: 'read committed',
  encoding: 'UTF8',
  isReadOnly: false,
  systemIdentifier: '7',
  role: 'exporter',
  database: 'exporter',
  isDirect: true,
  connections: { most: 100, reserved: 3, used: 10, mostOfRole: -1, mostOfDatabase: -1 },
  standbys: { connected: 0, synchronousNames: '' },
  rights: {
    hasSchema: true,
    mayCreateSchema: false,
    mayUseSchema: true,
    ownsSchema: true,
    foreignTables: [],
    deniedFunctions: [],
  },
};

const STATE: StateFacts = {
  version: 1,
  writersFrom: 1,
  known: 1,
  systemIdentifier: '7',
  rules: 'r',
  members: [{ name: 'a', rules: 'r' }],
  projects: 5,
  unowned: 0,
};

const verdicts = (more: Partial<DatabaseFacts>): readonly string[] =>
  serverFindings({ ...FACTS, ...more }).flatMap(({ what, verdict }) =>
    verdict === 'ok' ? [] : [`${what}: ${verdict}`],
  );

describe('the verdict on a server', () => {
  test.each<readonly [Partial<DatabaseFacts>, readonly string[]]>([
    [{}, []],
    [{ version: 140_000 }, []],
    [{ version: 130_011 }, ['version: failed']],
    [{ isInRecovery: true }, ['role of server: failed']],
    [{ isReadOnly: true }, ['transactions: failed']],
    [{ encoding: 'SQL_ASCII' }, ['encoding: failed']],
    [{ standbys: { connected: 2, synchronousNames: '' } }, ['standbys: note']],
    [{ standbys: { connected: 2, synchronousNames: 'ANY 1 (*)' } }, []],
    [{ connections: { ...FACTS.connections, used: 94 } }, []],
    [{ connections: { ...FACTS.connections, used: 95 } }, ['connections: failed']],
  ])('%o', (more, expected) => {
    expect(verdicts(more)).toEqual(expected);
  });
});

describe('the verdict on rights and state', () => {
  test('names the function to grant', () => {
    const rights = { ...FACTS.rights, deniedFunctions: ['pg_control_system()'] };
    expect(rightsFindings({ ...FACTS, rights }).at(-1)?.fix).toBe(
      'GRANT EXECUTE ON FUNCTION pg_catalog.pg_control_system() TO exporter;',
    );
  });

  test('refuses a state that only later versions may write', () => {
    const [schema] = stateFindings({ ...STATE, version: 3, writersFrom: 2 }, FACTS, 'r');
    expect(schema).toMatchObject({ verdict: 'failed', found: 'version 3, this one knows 1' });
  });

  test('speaks of projects without an owner only while replicas run', () => {
    const projects = (state: StateFacts): string | undefined => stateFindings(state, FACTS, 'r').at(-1)?.verdict;
    expect(projects({ ...STATE, unowned: 2 })).toBe('note');
    expect(projects({ ...STATE, unowned: 2, members: [] })).toBe('ok');
  });
});
