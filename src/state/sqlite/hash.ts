/** Where a session is looked up: a short hash of its id, clustered by project. Two ids may share one; the id in the row decides. */

/** A signed 32-bit hash of a session id. */
export type Hash = (id: string) => number;

/** Highest project key for which keys stay below 2^53. */
export const MAX_PROJECT_KEY = 2 ** 21 - 1;

const NUMBERS_PER_PROJECT = 2 ** 32;

/** The key of a project's session number 0; its sessions have the keys from here up to `firstKey(project + 1)`. */
export function firstKey(project: number): number {
  return project * NUMBERS_PER_PROJECT;
}

export function numberOf(key: number): number {
  return key % NUMBERS_PER_PROJECT;
}

/** FNV-1a over the UTF-16 units, with MurmurHash3's finalizer: ids that differ in one character end far apart. */
export const hashId: Hash = (id) => {
  let h = 0x811c9dc5;
  for (let i = 0; i < id.length; i++) h = Math.imul(h ^ id.charCodeAt(i), 0x01000193);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
};
