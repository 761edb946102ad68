/** What a verified session takes in the state beside one whose history nobody knows: its place and its newest stop. */
import { randomUUID } from 'node:crypto';
import { statSync } from 'node:fs';
import path from 'node:path';
import { beginTotals } from '../../src/accounting/begin.ts';
import { SILENT } from '../../src/domain/observer.ts';
import { NO_HISTORY, type Row } from '../../src/domain/row.ts';
import { openStore } from '../../src/state/sqlite/open.ts';
import { emptyRow, RULES } from '../../test/builders/values.ts';
import { RecordingLogger } from '../../test/fakes/recording-logger.ts';
import type { Stage } from '../run/stage.ts';
import { type Figure, value } from './figure.ts';

const SESSIONS = 100_000;
const PER_COMMIT = 1_000;
/** Bytes a session. */
const LIMIT = 40;

const PROJECT = { id: 'p', name: 'p', organizationId: 'o', account: 'default', isDefault: false, createdAt: null };
const DEPS = {
  clock: { now: () => Date.now() * 1_000, elapsed: () => performance.now(), sleep: async (): Promise<void> => {} },
  logger: new RecordingLogger(),
  observer: SILENT,
};

type Kind = 'unknown' | 'verified' | 'rounded';

/** `rounded`: list and history round the run's duration differently. */
function rowOf(no: number, id: string, kind: Kind): Row {
  const durationUs = 1_000_000 + no;
  const figures = { durationUs, isError: false, errorHash: null, inputTokens: no, outputTokens: 200, turns: 3 };
  const stop = { ...figures, durationUs: kind === 'rounded' ? durationUs + 400 : durationUs };
  const index = no % 50;
  const known = { ...NO_HISTORY, place: index + 1, stop: { index, fillable: 0, figures: stop } };
  const history = kind === 'unknown' ? NO_HISTORY : known;
  return emptyRow(no, { id, updatedAt: 1_777_000_000_000_000 + no, figures, history });
}

/** Bytes a session of a closed state. */
async function sizeOf(stage: Stage, kind: Kind): Promise<number> {
  const file = path.join(stage.folder(), 'state.db');
  const store = await openStore(file, DEPS);
  const totals = beginTotals(PROJECT, RULES);
  const [project] = await store.admit('default', 1, [
    { project: PROJECT, epoch: 0, absences: 0, leftAt: null, totals },
  ]);
  const nothing = { minutes: new Map(), indexes: new Map(), cursors: null, malformed: [] };
  for (let from = 0; from < SESSIONS; from += PER_COMMIT) {
    const rows = Array.from({ length: PER_COMMIT }, (_, i) => rowOf(from + i, randomUUID(), kind));
    const changes = rows.map((row) => ({ row, isNew: true }));
    const after = { ...totals, nextNo: from + PER_COMMIT };
    await store.commit({ key: project?.key ?? 0, changes, totals: after, ...nothing });
  }
  await store.close();
  return statSync(file).size / SESSIONS;
}

async function measure(stage: Stage) {
  stage.say(`writing ${SESSIONS} verified sessions`);
  const unknown = await sizeOf(stage, 'unknown');
  const verified = await sizeOf(stage, 'verified');
  const rounded = await sizeOf(stage, 'rounded');
  return [
    value({
      name: 'state, beside a session whose history is not known, of a verified one',
      measured: rounded - unknown,
      floor: null,
      unit: 'bytes',
      floorName: '',
      target: { is: '<=', value: LIMIT },
      note: `where list and history agree to the letter ${(verified - unknown).toFixed(1)} bytes; ${unknown.toFixed(0)} bytes without`,
    }),
  ];
}

export const verifiedSessions: Figure = { names: ['verified-sessions'], measure };
