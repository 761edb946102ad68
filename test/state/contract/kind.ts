/** The kinds of state that keep the one contract of `src/domain/store.ts`, and what its tests share. */
import { onTestFinished } from 'vitest';
import type { Row } from '../../../src/domain/row.ts';
import type { Store } from '../../../src/domain/store.ts';
import { Listener } from './listener.ts';

/** A state of its own: the same one at each opening. Who opens it owns all of its projects. */
export type Place = { readonly open: (listener?: Listener) => Promise<Store> };

export type Kind = {
  readonly name: string;
  /** How many of a random test's runs to do: some kinds are slower. */
  readonly share: number;
  readonly place: () => Promise<Place>;
};

/** Opens a new state, closed when the test ends. */
export async function openNew(kind: Kind, listener = new Listener()): Promise<Store> {
  return (await kind.place()).open(listener);
}

/** Closes a store when the test ends, unless the test did. */
export function closing(store: Store): Store {
  onTestFinished(() => store.close().catch(() => {}));
  return store;
}

/** All that the store finds of these sessions, by id. */
export async function foundRows(store: Store, key: number, ids: readonly string[]): Promise<ReadonlyMap<string, Row>> {
  const rows = await store.rows(key, ids);
  return new Map([...new Set(ids)].flatMap((id) => (rows.get(id) === undefined ? [] : [[id, rows.get(id) as Row]])));
}
