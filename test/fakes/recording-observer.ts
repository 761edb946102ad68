/** An observer that keeps the events it was told. */
import { type Observer, SILENT } from '../../src/domain/observer.ts';

export type Told = readonly [event: keyof Observer, ...args: unknown[]];

/** An observer, and the list of what it was told, in order. */
export function recordingObserver(): { readonly observer: Observer; readonly told: Told[] } {
  const told: Told[] = [];
  const entries = (Object.keys(SILENT) as (keyof Observer)[]).map((event) => [
    event,
    (...args: unknown[]): void => {
      told.push([event, ...args]);
    },
  ]);
  return { observer: Object.fromEntries(entries) as Observer, told };
}
