/** Steps that a state may live through, and taking one on the store and on the model alike. */
import * as fc from 'fast-check';
import { type HistoryRecord, NO_HISTORY } from '../../../src/domain/row.ts';
import { NO_CURSORS, type Store } from '../../../src/domain/store.ts';
import { MINUTE } from '../../../src/domain/time.ts';
import { purgeAll } from '../../support/purge.ts';
import { add, ModelProject } from './model.ts';
import {
  added,
  admissionOf,
  changed,
  commitOf,
  NOW,
  rowOf,
  statsOf,
  totalsOf,
  VERIFIED,
  waitingFor,
} from './values.ts';

type Places = readonly number[];

export type Step =
  | { readonly do: 'admit'; readonly project: number; readonly absences: number }
  | {
      readonly do: 'commit';
      readonly project: number;
      readonly fresh: number;
      readonly places: Places;
      readonly salt: number;
    }
  | { readonly do: 'delete'; readonly project: number; readonly places: Places; readonly at: number }
  | { readonly do: 'refused'; readonly project: number }
  | { readonly do: 'cursors'; readonly project: number; readonly salt: number }
  | { readonly do: 'purge'; readonly before: number }
  | { readonly do: 'reopen' };

const project = fc.nat(2);
const places = fc.array(fc.nat(400), { maxLength: 30 });
const salt = fc.nat(255);

export const STEPS: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    fc.record({ do: fc.constant('admit' as const), project, absences: fc.nat(2) }),
    fc.record({ do: fc.constant('commit' as const), project, fresh: fc.nat(60), places, salt }),
    fc.record({ do: fc.constant('delete' as const), project, places, at: fc.nat(50) }),
    fc.record({ do: fc.constant('refused' as const), project }),
    fc.record({ do: fc.constant('cursors' as const), project, salt }),
    fc.record({ do: fc.constant('purge' as const), before: fc.nat(50) }),
    fc.record({ do: fc.constant('reopen' as const) }),
  ),
  { minLength: 5, maxLength: 25 },
);

/** `models` by the number of the project. Answers the store that is open afterwards. */
export async function take(
  step: Step,
  store: Store,
  models: Map<number, ModelProject>,
  reopen: () => Promise<Store>,
): Promise<Store> {
  if (step.do === 'reopen') {
    await store.close();
    return reopen();
  }
  if (step.do === 'purge') await purge(store, models, step.before);
  else if (step.do === 'admit') await admit(store, models, step.project, step.absences);
  else {
    const model = models.get(step.project);
    if (model !== undefined) await takeOn(model, step, store);
  }
  return store;
}

async function takeOn(
  model: ModelProject,
  step: Extract<Step, { do: 'commit' | 'delete' | 'refused' | 'cursors' }>,
  store: Store,
): Promise<void> {
  switch (step.do) {
    case 'commit':
      return commit(model, store, step.fresh, step.places, step.salt);
    case 'delete':
      return remove(model, store, step.places, step.at);
    case 'refused':
      return refused(model, store);
    case 'cursors':
      return saveCursors(model, store, step.salt);
  }
}

/** Unknown, verified, given up, or waiting: due before and after `NOW`. */
function historyOf(mark: number): HistoryRecord {
  const waiting = waitingFor(NOW + ((mark % 16) - 8) * MINUTE, NOW - mark);
  return [NO_HISTORY, VERIFIED, { ...VERIFIED, givenUp: true }, waiting][mark % 4] ?? NO_HISTORY;
}

async function purge(store: Store, models: Map<number, ModelProject>, before: number): Promise<void> {
  await purgeAll(store, before, NOW);
  for (const model of models.values()) model.purge(before);
}

async function admit(store: Store, models: Map<number, ModelProject>, no: number, absences: number): Promise<void> {
  const [stored] = await store.admit('default', 1, [admissionOf(`p${no}`, { absences, epoch: absences })]);
  const known = models.get(no);
  if (known === undefined) models.set(no, new ModelProject(stored?.key ?? 0, absences));
  else Object.assign(known, { absences, epoch: Math.min(known.epoch, absences) });
}

/** New sessions, and a change of old ones; tombstones among these come back. */
async function commit(model: ModelProject, store: Store, amount: number, where: Places, mark: number): Promise<void> {
  const fresh = Array.from({ length: amount }, (_, i) =>
    rowOf(model.runs + i, `${model.key} ${mark} ${model.runs + i}`, { history: historyOf(mark + i) }),
  );
  const old = model.pick(where);
  const again = old.map(({ no, id }) =>
    rowOf(no, id, { updatedAt: mark, fillable: mark % 32, history: historyOf(mark) }),
  );
  const minutes = new Map([[NOW / MINUTE + 9 - (mark % 100), amount]]);
  const indexes = new Map([[`i${mark % 3}`, 1 + (amount % 2)]]);
  const malformed = [`bad ${mark % 9}`, `bad ${amount % 7}`];
  const tombstones = model.tombstones - old.filter((row) => row.deletedAt !== null).length;
  const totals = totalsOf(model.runs + amount, { tombstones });
  const changes = [...fresh.map(added), ...again.map(changed)];
  await store.commit(commitOf(model.key, changes, { totals, minutes, indexes, malformed }));
  for (const id of malformed) model.malformed.add(id);
  model.runs += amount;
  model.tombstones = tombstones;
  model.keep([...fresh, ...again]);
  add(model.minutes, minutes);
  add(model.indexes, indexes);
}

/** The end of a sweep: sessions become tombstones, and the cursors are saved with them. */
async function remove(model: ModelProject, store: Store, where: Places, at: number): Promise<void> {
  const gone = model.pick(where).filter((row) => row.deletedAt === null);
  const rows = gone.map((row) => ({ ...row, deletedAt: at }));
  const cursors = { ...NO_CURSORS, lastFullSweep: at };
  const totals = totalsOf(model.runs, { tombstones: model.tombstones + rows.length });
  await store.commit(commitOf(model.key, rows.map(changed), { totals, cursors }));
  model.tombstones += rows.length;
  model.cursors = cursors;
  model.keep(rows);
}

/** A commit that fails in its middle. */
async function refused(model: ModelProject, store: Store): Promise<void> {
  const changes = [...model.pick([0]).map((row) => changed({ ...row, updatedAt: 1 })), changed(rowOf(1e6, 'unknown'))];
  const accepted = await store.commit(commitOf(model.key, changes)).then(
    () => true,
    () => false,
  );
  if (accepted) throw new Error('a change of an unknown session was accepted');
}

async function saveCursors(model: ModelProject, store: Store, mark: number): Promise<void> {
  const sweep = {
    startedAt: 1,
    token: null,
    pages: mark,
    seen: new Uint8Array([mark, 0, mark]),
    newestFirst: true,
    lastUpdatedAt: null,
    droppedWithoutId: false,
  };
  model.cursors = { ...NO_CURSORS, watermark: mark, sweep };
  model.stats = statsOf(mark);
  await store.saveProgress(new Map([[model.key, { cursors: model.cursors, stats: model.stats }]]));
}
