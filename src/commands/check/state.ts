/** The part of the report of `check` that tells of a shared state. Pure. */
import type { StateCheck, StateFinding } from '../../domain/state-check.ts';
import type { Failure } from './report.ts';
import { type Column, cell, table } from './table.ts';

const COLUMNS: readonly Column[] = [
  { title: 'DATABASE', align: 'left' },
  { title: 'FOUND', align: 'left' },
  { title: 'VERDICT', align: 'left' },
];

const VERDICTS = { ok: 'ok', note: 'see below', failed: 'FAILED' } as const;

/** A table, then a line for each note. Ends with an empty line. */
export function stateLines(state: StateCheck | null): readonly string[] {
  if (state === null) return [];
  const rows = state.findings.map(({ what, found, verdict }) => [what, cell(found), VERDICTS[verdict]]);
  const notes = state.findings.filter(({ verdict }) => verdict === 'note').map(({ what, fix }) => `  ${what}: ${fix}`);
  const body = table(COLUMNS, rows).map((line) => `  ${line}`);
  return [`State ${state.location}`, '', ...body, '', ...(notes.length === 0 ? [] : [...notes, ''])];
}

export function stateFailures(state: StateCheck | null): readonly Failure[] {
  const failed = ({ verdict }: StateFinding): boolean => verdict === 'failed';
  return (state?.findings ?? [])
    .filter(failed)
    .map(({ what, found, fix }) => ({ what: `state, ${what}: ${found}`, fix }));
}
