/** Turns errors of SQLite and the file system into errors for a person. */
import { ExporterError } from '../../domain/errors.ts';

/** The fix when nothing of a state can be kept. */
export const DELETE_IT =
  'Delete it together with its -wal file and start again: counters restart at 0, gauges refill by themselves.';
const SPACE: Readonly<Record<Phase, string>> = {
  startup: 'Free space on its volume, or raise the size limit, then start the exporter again.',
  state: 'Free space on its volume, or raise the size limit; the exporter then continues by itself.',
};
const ACCESS = 'Give the user of the exporter write access to the file and its directory, or choose another state.url.';

/** Primary result codes of SQLite (https://sqlite.org/rescode.html). */
const BUSY = 5;
const READONLY = 8;
const IOERR = 10;
const CORRUPT = 11;
const FULL = 13;
const CANTOPEN = 14;
const NOTADB = 26;

type SqliteError = Error & { readonly errcode: number };

function isSqliteError(error: unknown): error is SqliteError {
  return error instanceof Error && 'errcode' in error && typeof error.errcode === 'number';
}

/** 0 when it is no error of SQLite. */
function primaryCode(error: unknown): number {
  return isSqliteError(error) ? error.errcode & 0xff : 0;
}

/** True when another connection holds the database. */
export function isBusy(error: unknown): boolean {
  return primaryCode(error) === BUSY;
}

/** True when continuing could only produce wrong numbers: the process has to stop. */
export function isFatal(error: unknown): boolean {
  return error instanceof ExporterError && error.code === 'startup';
}

/** `startup`: while the state is opened; `state`: afterwards. */
export type Phase = 'startup' | 'state';

/** An ExporterError for whatever a statement on the state at `location` threw; a damaged file is always `startup`, which ends the process. */
export function stateError(error: unknown, location: string, phase: Phase): ExporterError {
  if (error instanceof ExporterError) return error;
  switch (primaryCode(error)) {
    case CORRUPT:
      return damaged(location, 'its pages contradict each other', error);
    case NOTADB:
      return damaged(location, 'the file is no SQLite database', error);
    case READONLY:
    case CANTOPEN:
      return new ExporterError(phase, `The state ${location} cannot be opened for writing.`, ACCESS, error);
    case FULL:
      return new ExporterError(phase, `The state ${location} cannot be written: no space left.`, SPACE[phase], error);
    case IOERR:
      return new ExporterError(
        phase,
        `The state ${location} cannot be read or written: ${text(error)}.`,
        SPACE[phase],
        error,
      );
    default:
      return new ExporterError(
        phase,
        `The state ${location} failed: ${text(error)}.`,
        `If it goes on: ${DELETE_IT}`,
        error,
      );
  }
}

/** The file is not, or no longer, what was written: nothing read from it may become a number. */
export function damaged(location: string, finding: string, cause?: unknown): ExporterError {
  return new ExporterError('startup', `The state ${location} is damaged: ${finding}.`, DELETE_IT, cause);
}

/** For what `fs` throws while the state is opened. */
export function fileError(error: unknown, location: string): ExporterError {
  if (error instanceof ExporterError) return error;
  const code = error instanceof Error && 'code' in error ? error.code : null;
  if (code === 'ENOSPC' || code === 'EFBIG' || code === 'EDQUOT') {
    return new ExporterError(
      'startup',
      `The state ${location} cannot be written: no space left.`,
      SPACE.startup,
      error,
    );
  }
  return new ExporterError(
    'startup',
    `The state ${location} cannot be opened for writing: ${text(error)}.`,
    ACCESS,
    error,
  );
}

function text(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
