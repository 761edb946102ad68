import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Model, type Setting } from './model.ts';
import { type Operation, operations } from './operations.ts';

/** Sequences in all; MODEL_RUNS asks for more or fewer. */
const RUNS = Number(process.env['MODEL_RUNS'] ?? 2000);
const SEED = Number(process.env['MODEL_SEED'] ?? Date.now() % 2 ** 31);

const settings: fc.Arbitrary<Setting> = fc.record({
  seed: fc.string({ minLength: 1, maxLength: 8 }),
  order: fc.constantFrom('newest' as const, 'newest' as const, 'oldest' as const, 'id' as const),
  accounting: fc.constantFrom('last_run' as const, 'every_run' as const),
});

/** Series that never step back, by name and labels. */
function countersOf(text: string): ReadonlyMap<string, number> {
  const lines = text.split('\n').filter((line) => /^llamacloud_chat_\w+(_total|_bucket|_count|_sum)\{/.test(line));
  return new Map(
    lines.map((line) => [
      line.slice(0, line.lastIndexOf(' ')).replace(/,project="(?:[^"\\]|\\.)*"/, ''),
      Number(line.slice(line.lastIndexOf(' ') + 1)),
    ]),
  );
}

/** What holds after every step. */
async function judge(model: Model, before: Map<string, number>): Promise<void> {
  const text = await model.exporter.scrape();
  for (const [series, value] of countersOf(text)) {
    expect(value, `${series} stepped back`).toBeGreaterThanOrEqual(before.get(series) ?? 0);
    before.set(series, value);
  }
  expect(model.exporter.fatal).toEqual([]);
  for (const id of model.exporter.polled()) {
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
}

/** What holds once all is at rest: the gauges are the world's truth. */
function judgeGauges(model: Model): void {
  for (const id of model.projects()) {
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
    expect(longest === 'lost' ? 'lost' : (longest?.value ?? null)).toBe(
      truth.last_runs.duration_max_ms === null ? null : truth.last_runs.duration_max_ms * 1000,
    );
    expect(newest === 'lost' ? 'lost' : (newest?.value ?? null)).toBe(truth.last_activity);
  }
}

function judgeFile(file: string): void {
  const db = new DatabaseSync(file, { readOnly: true });
  try {
    expect(db.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' });
  } finally {
    db.close();
  }
}

export async function play(setting: Setting, sequence: readonly Operation[]): Promise<void> {
  const model = await Model.start(setting);
  const before = new Map<string, number>();
  try {
    await judge(model, before);
    for (const operation of sequence) {
      await model.apply(operation);
      await judge(model, before);
    }
    await model.settle();
    await judge(model, before);
    judgeGauges(model);
  } finally {
    await model.stop();
  }
}

describe('the exporter as a model', () => {
  it(`holds through ${RUNS} random sequences`, async () => {
    process.stdout.write(`model: seed ${SEED}, ${RUNS} sequences (MODEL_SEED and MODEL_RUNS set them)\n`);
    await fc.assert(fc.asyncProperty(settings, operations, play), { numRuns: RUNS, seed: SEED, endOnFailure: false });
  }, 600_000);

  it('leaves a sound file behind', async () => {
    const model = await Model.start({ seed: 'file', order: 'newest', accounting: 'every_run' });
    await model.settle();
    const { file } = model.exporter;
    await model.exporter.restart();
    await model.exporter.stop();
    judgeFile(file);
    model.exporter.clean();
  });
});
