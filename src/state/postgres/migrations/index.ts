/** The numbered migrations. Number n brings `meta.version` from n - 1 to n; a released one is never changed. */
import { CENSUS } from './001-census.ts';
import { COMMIT } from './001-commit.ts';
import { INITIAL } from './001-initial.ts';
import { LATE_WRITES } from './002-late-writes.ts';

export const MIGRATIONS: readonly string[] = [INITIAL + COMMIT + CENSUS, LATE_WRITES];
