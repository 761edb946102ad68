/** Pages and histories counted into a state as the poller does it: restored totals, rows, ledger, commit. */
import { adoptRules } from '../../../src/accounting/begin.ts';
import type { AccountingContext } from '../../../src/accounting/context.ts';
import { verify } from '../../../src/accounting/histories/verify.ts';
import { Ledger } from '../../../src/accounting/ledger.ts';
import { recordPage } from '../../../src/accounting/page.ts';
import type { Row } from '../../../src/domain/row.ts';
import type { Rules } from '../../../src/domain/rules.ts';
import { type Figures, failed, type Run, type Session } from '../../../src/domain/session.ts';
import type { Store, StoredProject } from '../../../src/domain/store.ts';
import { MINUTE, type Micros } from '../../../src/domain/time.ts';
import type { Gauges, Totals } from '../../../src/domain/totals.ts';
import { RULES as DEFAULT_RULES } from '../../builders/values.ts';

export const RULES: Rules = { ...DEFAULT_RULES, durationBuckets: [1, 5], maxIndexes: 5 };

export function runOf(figures: Figures): Run {
  return { figures, errorText: figures.errorHash === null ? null : 'it failed' };
}

export function sessionOf(id: string, updatedAt: Micros, figures: Figures | null): Session {
  return { id, updatedAt, run: figures === null ? null : runOf(figures), indexIds: [] };
}

/** Counts a page of the only project. Answers the totals that were committed. */
export async function show(store: Store, now: Micros, sessions: readonly Session[], sweep = false): Promise<Totals> {
  const project = await only(store);
  const ledger = new Ledger(
    adoptRules(project.totals, project.project, RULES).totals,
    await store.rows(
      project.key,
      sessions.map((session) => session.id),
    ),
  );
  const page = {
    sessions,
    serverTime: now,
    knownAt: now,
    sweptAt: now,
    sweep,
    youngSince: null,
    malformed: new Set<string>(),
  };
  recordPage(ledger, page, contextOf(project));
  return commit(store, project, ledger);
}

/** Reads the history of every session that is due. `stops` by session id; its newest stop is the run that the answer shows. */
export async function verifyDue(
  store: Store,
  now: Micros,
  stops: Readonly<Record<string, readonly Figures[]>>,
): Promise<Totals> {
  const project = await only(store);
  const rows = await store.dueRows(project.key, now, Number.MAX_SAFE_INTEGER, 100);
  const ledger = new Ledger(project.totals, new Map(rows.map((row) => [row.id, row])));
  for (const row of rows) {
    const history = stops[row.id] ?? [];
    const session = sessionOf(row.id, row.updatedAt, history.at(-1) ?? null);
    verify(ledger, row, { session, stops: history.map(runOf) }, contextOf(project), now);
  }
  return commit(store, project, ledger);
}

/** The gauges but for the two maxima, added up from the rows. */
export function summed(rows: readonly Row[]): Omit<Gauges, 'longest' | 'newest'> {
  const shown = rows.map((row) => (row.stale?.followed ? row.stale.figures : row.figures));
  const ran = shown.filter((figures) => figures !== null);
  const sum = (key: 'durationUs' | 'inputTokens' | 'outputTokens' | 'turns'): number =>
    ran.reduce((total, figures) => total + (figures[key] ?? 0), 0);
  return {
    ok: ran.filter((figures) => !failed(figures)).length,
    error: ran.filter(failed).length,
    neverRun: shown.length - ran.length,
    inputTokens: sum('inputTokens'),
    outputTokens: sum('outputTokens'),
    turns: sum('turns'),
    durationUs: sum('durationUs'),
    durationCount: ran.filter((figures) => figures.durationUs !== null).length,
  };
}

export async function only(store: Store): Promise<StoredProject> {
  const [project] = (await store.restore()).projects;
  if (project === undefined) throw new Error('no project');
  return project;
}

function contextOf({ project, epoch }: StoredProject): AccountingContext {
  return { project, epoch, rules: RULES, interval: MINUTE };
}

async function commit(store: Store, { key }: StoredProject, ledger: Ledger): Promise<Totals> {
  const entries = ledger.entries();
  await store.commit({ key, ...entries, cursors: null });
  return entries.totals;
}
