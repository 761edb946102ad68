/** A real state with sessions in it. */

import { SILENT } from '../../src/domain/observer.ts';
import type { Row } from '../../src/domain/row.ts';
import type { Store } from '../../src/domain/store.ts';
import type { Totals } from '../../src/domain/totals.ts';
import { openStore } from '../../src/state/sqlite/open.ts';
import { ManualClock } from '../fakes/manual-clock.ts';
import { RecordingLogger } from '../fakes/recording-logger.ts';
import { NOW } from './session-fixtures.ts';
import { viewFixture } from './views.ts';

/** Sessions committed at once. */
const BATCH = 5000;

export function openMemory(): Promise<Store> {
  return openStore(':memory:', { clock: new ManualClock(NOW), logger: new RecordingLogger(), observer: SILENT });
}

/** Adds a project with these sessions, whose numbers ascend from 0. */
export async function fill(store: Store, id: string, rows: readonly Row[]): Promise<void> {
  const { project, totals } = viewFixture(id);
  const empty: Totals = { ...totals, sweeps: 0, wholeSweeps: 0 };
  const [stored] = await store.admit('default', 1, [{ project, epoch: NOW, absences: 0, leftAt: null, totals: empty }]);
  if (stored === undefined) throw new Error('the project was not admitted');
  for (let from = 0; from < rows.length; from += BATCH) {
    const batch = rows.slice(from, from + BATCH);
    await store.commit({
      key: stored.key,
      changes: batch.map((row) => ({ row, isNew: true })),
      totals: { ...empty, nextNo: from + batch.length },
      minutes: new Map(),
      indexes: new Map(),
      cursors: null,
      malformed: [],
    });
  }
}
