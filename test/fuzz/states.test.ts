/** State files that somebody scribbled on. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { ExporterError } from '../../src/domain/errors.ts';
import { SILENT } from '../../src/domain/observer.ts';
import { openTuned, TUNING } from '../../src/state/sqlite/open.ts';
import { ManualClock } from '../fakes/manual-clock.ts';
import { RecordingLogger } from '../fakes/recording-logger.ts';
import { Scene } from '../reliability/scene.ts';

const RUNS = { numRuns: 1200, seed: Number(process.env['FC_SEED'] ?? 20_261_123) };
const folder = mkdtempSync(path.join(tmpdir(), 'states-'));
const file = path.join(folder, 'state.db');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What the state says, or the error that says why not. Anything but an ExporterError is thrown on. */
async function read(bytes: Uint8Array, ids: readonly string[]): Promise<unknown> {
  for (const suffix of ['-wal', '.lock', '']) rmSync(file + suffix, { force: true });
  writeFileSync(file, bytes);
  const deps = { clock: new ManualClock(1), logger: new RecordingLogger(), observer: SILENT };
  try {
    const store = await openTuned(file, deps, { ...TUNING, lockWaitMs: 0 });
    try {
      const { projects, isNew } = await store.restore();
      for (const { key } of projects) await store.rows(key, ids);
      for (const { key } of projects) await store.slice(key, 0, 100);
      return { isNew, totals: projects.map((project) => project.totals) };
    } finally {
      await store.close().catch(onlyOurs);
    }
  } catch (error) {
    return onlyOurs(error);
  }
}

function onlyOurs(error: unknown): string {
  if (!(error instanceof ExporterError)) throw error;
  const isClear = error.message.includes(file) && error.fix.length > 20 && !/\n\s+at /.test(error.message);
  if (!isClear) throw new Error(`not a clear message: ${error.message}`);
  return error.code;
}

/** A state after a project of seven sessions, closed in order. */
async function goodState(): Promise<{ bytes: Buffer; ids: readonly string[] }> {
  const scene = await Scene.start();
  scene.runEach();
  await scene.poll();
  await scene.close();
  return { bytes: readFileSync(scene.exporter.file), ids: scene.sessions.map((session) => session.id) };
}

describe('a state', () => {
  it('that was scribbled on is refused or right', async () => {
    const { bytes, ids } = await goodState();
    const truth = await read(bytes, ids);
    expect(truth).toMatchObject({ isNew: false, totals: [{ counters: { runs: 7 } }] });
    const place = fc.oneof(fc.nat(bytes.length - 1), fc.nat(200), fc.nat(4095));
    const scribble = fc.array(fc.tuple(place, fc.uint8Array({ minLength: 1, maxLength: 24 })), {
      minLength: 1,
      maxLength: 4,
    });
    const outcomes = new Set<string>();
    await fc.assert(
      fc.asyncProperty(scribble, async (marks) => {
        const copy = Buffer.from(bytes);
        for (const [at, mark] of marks) copy.set(mark.subarray(0, copy.length - at), at);
        const found = await read(copy, ids);
        outcomes.add(typeof found === 'string' ? found : 'right');
        expect(['startup', 'state', truth]).toContainEqual(found);
      }),
      RUNS,
    );
    expect([...outcomes]).toEqual(expect.arrayContaining(['startup', 'right']));
  }, 120_000);

  /** Cut within unused bytes of its last page it is still whole. */
  it('that is cut anywhere, or is anything at all, is refused or right', async () => {
    const { bytes, ids } = await goodState();
    const truth = await read(bytes, ids);
    const cut = fc.nat(bytes.length - 1).map((length) => bytes.subarray(0, length));
    await fc.assert(
      fc.asyncProperty(fc.oneof(cut, fc.uint8Array({ maxLength: 9000 })), async (content) => {
        expect(['startup', truth]).toContainEqual(await read(content, ids));
      }),
      { ...RUNS, numRuns: 500 },
    );
  }, 120_000);
});
