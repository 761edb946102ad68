/** The numbered migrations. Number n brings `user_version` from n - 1 to n; a released one is never changed. */
import { INITIAL } from './001-initial.ts';
import { VERIFICATION } from './002-verification.ts';

export const MIGRATIONS: readonly string[] = [INITIAL, VERIFICATION];

/** `application_id` of our database files ("LCEX"): tells them from any other SQLite database. */
export const APPLICATION_ID = 0x4c434558;
