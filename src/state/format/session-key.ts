/**
 * The key of a session's row. In SQLite it holds the project too, so that sessions are clustered by project; in PostgreSQL, where the project
 * has a column of its own, it is the session's number.
 */

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
