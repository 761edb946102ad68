/** The one error type of the exporter: a small set of codes, the cause kept. */

/** Reasons for which a poll or a discovery fails; values of the label `reason`. */
export const POLL_ERROR_CODES = [
  'unauthorized',
  'forbidden',
  'not_found',
  'rejected',
  'rate_limited',
  'timeout',
  'connection',
  'server_error',
  'malformed',
  'pagination',
  'state',
] as const;
export type PollErrorCode = (typeof POLL_ERROR_CODES)[number];

/** `config`: wrong usage or configuration (exit code 2). `startup`: the process cannot start or go on (exit code 1). */
export type ErrorCode = PollErrorCode | 'config' | 'startup';

/** An error that a person may read: `message` names the thing, `fix` what to do about it. Neither holds a key or session content. */
export class ExporterError extends Error {
  readonly code: ErrorCode;
  readonly fix: string;

  constructor(code: ErrorCode, message: string, fix: string, cause?: unknown) {
    super(message, cause === undefined ? {} : { cause });
    this.name = 'ExporterError';
    this.code = code;
    this.fix = fix;
  }
}

/** The API's answer to a page token that it no longer accepts (400, 404, 410 or 422 on a request that carried one). */
export class TokenExpiredError extends ExporterError {
  constructor(message: string, cause?: unknown) {
    super(
      'pagination',
      message,
      'The sweep starts again once by itself; if this continues, lower page_size or full_sweep_interval.',
      cause,
    );
    this.name = 'TokenExpiredError';
  }
}

/**
 * A project that this process has polled belongs to another one now, or the database lacks what it had committed: what is in memory of it
 * is void. Nothing was changed.
 */
export class LostError extends ExporterError {
  constructor(message: string, cause?: unknown) {
    super('state', message, 'Nothing needs to be done: the process that has the project now counts its runs.', cause);
    this.name = 'LostError';
  }
}

/** The code under which a failed poll is counted; what is no ExporterError is a fault of our own state or code. */
export function pollErrorCode(error: unknown): PollErrorCode {
  if (!(error instanceof ExporterError)) return 'state';
  return error.code === 'config' || error.code === 'startup' ? 'state' : error.code;
}
