/** What must hold of the exporter, at every step and at rest. */
import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import type { Extreme, Totals } from '../../src/domain/totals.ts';
import type { Model } from './model.ts';

/** Series that never step back, by name and labels; a project keeps its series when it is renamed. */
function countersOf(text: string): ReadonlyMap<string, number> {
  const lines = text.split('\n').filter((line) => /^llamacloud_chat_\w+(_total|_bucket|_count|_sum)\{/.test(line));
  return new Map(
    lines.map((line) => [
      line.slice(0, line.lastIndexOf(' ')).replace(/,project="(?:[^"\\]|\\.)*"/, ''),
      Number(line.slice(line.lastIndexOf(' ') + 1)),
    ]),
  );
}

/** What holds after every step. `before`: values of the counters so far, moved on. */
export async function judge(model: Model, before: Map<string, number>): Promise<void> {
  const text = await model.exporter.scrape();
  for (const gone of model.takeRestarted()) {
    for (const series of before.keys()) if (series.includes(gone)) before.delete(series);
  }
  for (const [series, value] of countersOf(text)) {
    if (value < (before.get(series) ?? 0)) assert.fail(`${series} stepped back from ${before.get(series)} to ${value}`);
    before.set(series, value);
  }
  assert.deepEqual(model.exporter.fatal, []);
  const { projects } = await model.exporter.restored();
  for (const { project, totals } of model.exporter.polled()) {
    const committed = projects.find((stored) => stored.project.id === project.id)?.totals ?? null;
    assert.deepEqual(withoutSweeps(totals), withoutSweeps(committed), 'published and committed differ');
    judgeCounts(model, project.id, totals, text);
  }
}

/** The number of sweeps may be ahead of what is committed: an unchanged one commits nothing, and only tells sweeps apart. */
function withoutSweeps(totals: Totals | null): Partial<Totals> | null {
  if (totals === null) return null;
  const { sweeps: _sweeps, wholeSweeps: _wholeSweeps, ...rest } = totals;
  return rest;
}

/** Published = committed = shown, and within the oracle's bounds. */
function judgeCounts(model: Model, id: string, totals: Totals, text: string): void {
  const shown = new RegExp(`^llamacloud_chat_runs_total\\{project_id="${id}".*\\} (\\d+)$`, 'm').exec(text)?.[1];
  const { runs, inputTokens, hiddenRuns } = totals.counters;
  assert.equal(Number(shown), runs, 'shown and published differ');
  assertAtMost(hiddenRuns, runs, 'hidden runs beside runs');
  const most = model.oracle.most(id);
  const least = model.oracle.least(id, model.said(id), model.exactUntil(id));
  assertAtMost(runs, most.runs, 'runs beside those that there were');
  assertAtMost(inputTokens, most.tokens, 'tokens beside those that there were');
  assertAtMost(least.runs, runs, 'runs that the list showed, or until when it says to be exact, beside those counted');
  assertAtMost(least.tokens, inputTokens, 'tokens that the list showed beside those counted');
}

/** At rest nothing waits, and nothing is missing but what the exporter says that it could not tell. */
export function judgeRest(model: Model, id: string): void {
  assert.deepEqual(model.oracle.missing(id), [], 'sessions never seen');
  const said = model.said(id);
  const { counters, verification } = totalsOf(model, id);
  const isVerifying = model.exporter.configuration.rules.accounting === 'every_run';
  if (isVerifying) assert.equal(verification.unverified, 0, 'unverified at rest');
  const least = model.oracle.least(id, said, Number.POSITIVE_INFINITY);
  assertAtMost(least.runs, counters.runs, 'runs at rest beside those counted');
  assertAtMost(least.tokens, counters.inputTokens, 'tokens at rest beside those counted');
  if (model.isIntact) assert.equal(model.oracle.vague(id, said), 0, 'unreconciled, and nothing was wrong');
  judgeGauges(model, id);
}

/** The gauges of a project are the world's truth. */
export function judgeGauges(model: Model, id: string): void {
  const { gauges } = totalsOf(model, id);
  const truth = model.oracle.gauges(id);
  const { ok, error, neverRun, inputTokens, outputTokens, turns, durationUs, longest, newest } = gauges;
  const shown = { ok, error, neverRun, inputTokens, outputTokens, turns, durationUs };
  assert.deepEqual(shown, {
    ok: truth.sessions.ok,
    error: truth.sessions.error,
    neverRun: truth.sessions.never_run,
    inputTokens: truth.last_runs.input_tokens,
    outputTokens: truth.last_runs.output_tokens,
    turns: truth.last_runs.turns,
    durationUs: truth.last_runs.duration_ms * 1000,
  });
  const longestMs = truth.last_runs.duration_max_ms;
  assert.equal(valueOf(longest), longestMs === null ? null : longestMs * 1000, 'longest duration');
  assert.equal(valueOf(newest), truth.last_activity, 'last activity');
}

function valueOf(extreme: Extreme): number | 'lost' | null {
  return extreme === 'lost' ? 'lost' : (extreme?.value ?? null);
}

function totalsOf(model: Model, id: string): Totals {
  return model.exporter.state(id)?.totals ?? assert.fail(`${id} is not polled`);
}

function assertAtMost(value: number, most: number, what: string): void {
  if (value > most) assert.fail(`${what}: ${value} and ${most}`);
}

/** SQLite itself finds the file whole. */
export function judgeFile(file: string): void {
  const db = new DatabaseSync(file);
  try {
    assert.equal(db.prepare('PRAGMA integrity_check').get()?.['integrity_check'], 'ok');
  } finally {
    db.close();
  }
}
