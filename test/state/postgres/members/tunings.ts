/** Leases and heartbeats for tests: quick ones that end within a test, and lasting ones that do not. */
import { SECOND } from '../../../../src/domain/time.ts';
import type { Tuning } from '../../../../src/state/postgres/members/tuning.ts';

/** Long enough for a busy machine, and a tenth of the real ones. */
export const QUICK: Tuning = { lease: 1.5 * SECOND, beatMs: 150, deadlineMs: 1_200, refreshMs: 2_000 };
/** Leases that do not end while a test runs. */
export const LASTING: Tuning = { lease: 60 * SECOND, beatMs: 100, deadlineMs: 48_000, refreshMs: 10_000 };
