/** The look-up key of a session: a short hash of its id. Two ids may share one; the id in the row decides. */

/** A signed 32-bit hash of a session id. */
export type Hash = (id: string) => number;

/** FNV-1a over the UTF-16 units, with MurmurHash3's finalizer: ids that differ in one character end far apart. */
export const hashId: Hash = (id) => {
  let h = 0x811c9dc5;
  for (let i = 0; i < id.length; i++) h = Math.imul(h ^ id.charCodeAt(i), 0x01000193);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
};
