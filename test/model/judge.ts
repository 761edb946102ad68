/** What must hold of the exporter, at every step and at rest. */
import { DatabaseSync } from 'node:sqlite';
import { expect } from 'vitest';
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
  for (const [series, value] of countersOf(text)) {
    if (value < (before.get(series) ?? 0)) expect.fail(`${series} stepped back from ${before.get(series)} to ${value}`);
    before.set(series, value);
  }
  expect(model.exporter.fatal).toEqual([]);
  for (const id of model.exporter.polled()) await judgeCounts(model, id, text);
  for (const id of model.takeCalm()) judgeGauges(model, id);
}

/** Published = committed = shown, and within the oracle's bounds. */
async function judgeCounts(model: Model, id: string, text: string): Promise<void> {
  const published = model.exporter.totals(id);
  expect(published).toEqual(await model.exporter.committed(id));
  const shown = new RegExp(`^llamacloud_chat_runs_total\\{project_id="${id}".*\\} (\\d+)$`, 'm').exec(text)?.[1];
  expect(Number(shown)).toBe(published?.counters.runs);
  const bounds = model.oracle.bounds(id);
  expect(published?.counters.runs, 'runs').toBeGreaterThanOrEqual(bounds.least);
  expect(published?.counters.runs, 'runs').toBeLessThanOrEqual(bounds.most);
  expect(published?.counters.inputTokens, 'tokens').toBeGreaterThanOrEqual(bounds.leastTokens);
  expect(published?.counters.inputTokens, 'tokens').toBeLessThanOrEqual(bounds.mostTokens);
}

/** The gauges of a project are the world's truth. */
export function judgeGauges(model: Model, id: string): void {
  const totals = model.exporter.totals(id);
  const truth = model.oracle.gauges(id);
  const { ok, error, neverRun, inputTokens, outputTokens, turns, durationUs, longest, newest } = totals?.gauges ?? {};
  expect({ ok, error, neverRun, inputTokens, outputTokens, turns, durationUs }).toEqual({
    ok: truth.sessions.ok,
    error: truth.sessions.error,
    neverRun: truth.sessions.never_run,
    inputTokens: truth.last_runs.input_tokens,
    outputTokens: truth.last_runs.output_tokens,
    turns: truth.last_runs.turns,
    durationUs: truth.last_runs.duration_ms * 1000,
  });
  const longestMs = truth.last_runs.duration_max_ms;
  expect(longest === 'lost' ? 'lost' : (longest?.value ?? null)).toBe(longestMs === null ? null : longestMs * 1000);
  expect(newest === 'lost' ? 'lost' : (newest?.value ?? null)).toBe(truth.last_activity);
}

/** SQLite itself finds the file whole. */
export function judgeFile(file: string): void {
  const db = new DatabaseSync(file);
  try {
    expect(db.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' });
  } finally {
    db.close();
  }
}
