/** The error with which something fails, where a test is about what it says. */
import type { ExporterError } from '../../src/domain/errors.ts';

/** Rejects where `work` succeeds. */
export const failure = (work: Promise<unknown>): Promise<ExporterError> =>
  work.then(
    () => Promise.reject(new Error('it succeeded')),
    (error: ExporterError) => error,
  );
