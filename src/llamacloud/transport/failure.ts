/** Describes a failed attempt for a person: which request, what came back, what to do. Never a key, a page token or content. */
import { STATUS_CODES } from 'node:http';
import type { ErrorCode } from '../../domain/errors.ts';
import { ExporterError } from '../../domain/errors.ts';
import type { AccountSettings } from '../settings.ts';
import { UnreadableBody } from './body.ts';
import { proxyHost } from './connection.ts';
import { connectionError } from './connection-error.ts';
import type { Detail } from './detail.ts';
import { header } from './headers.ts';
import { DeadlineError, type Head } from './transport.ts';

/** An answer with a status that is no success. */
export class StatusError extends ExporterError {
  readonly status: number;

  constructor(code: ErrorCode, status: number, message: string, fix: string) {
    super(code, message, fix);
    this.status = status;
  }
}

const WAIT = 'The exporter tries again by itself; if this continues, look at the status of the LlamaCloud service.';
const REPORT = 'The API has changed, or a proxy answers in its place: check base_url, and report it if that is right.';

/** How a message names the request: method and URL, page token and session id cut out. */
export function nameOf(origin: string, path: string): string {
  const shown = path.replace(/(page_token=)[^&]*/, '$1...').replace(/(\/api\/v1\/chat\/)[^/?]+/, '$1{session_id}');
  return `[GET] "${origin}${shown}"`;
}

/** Statuses that say that the request itself is wrong, and whose body may say what. */
export function isAboutRequest(status: number): boolean {
  return status === 400 || status === 422;
}

/** The error of a request that is refused for what it asks; `detail`: what the API says about it. */
export function requestError(name: string, head: Head, detail: Detail | null): StatusError {
  const { code, status, message } = statusError(name, head);
  if (detail === null) return new StatusError(code, status, message, REFUSED);
  const { parameter, reason } = detail;
  const told = `${message}: the API does not accept ${parameter} ("${reason}")`;
  return new StatusError(code, status, told, REFUSED_SETTINGS[parameter] ?? REPORT);
}

const REFUSED = 'Check page_size, organization_id and project_id of this account: the API does not accept the request.';

/** By the parameter that the API does not accept: the setting to change. */
const REFUSED_SETTINGS: Readonly<Record<string, string>> = {
  page_size: 'Change page_size of this account: the API does not accept it; most likely it is too large.',
  organization_id: 'Correct organization_id of this account, or remove it.',
  project_id: 'Correct project_id of this account; if it is not set, leave the project out with projects.exclude.',
};

/** The error of an account that names its one project, where the API does not give it. */
export function namedProjectError(error: unknown): unknown {
  if (!(error instanceof StatusError) || !NOT_GIVEN.has(error.code)) return error;
  return new StatusError(error.code, error.status, error.message, NAMED_PROJECT);
}

const NOT_GIVEN: ReadonlySet<ErrorCode> = new Set(['not_found', 'rejected', 'forbidden']);
const NAMED_PROJECT =
  'Correct project_id of this account (LLAMA_CLOUD_PROJECT_ID), or remove it: without it all projects that the key can see are polled.';

/** The error of a session whose history the API does not give. */
export function historyError(error: ExporterError): ExporterError {
  return error.code === 'not_found' ? new ExporterError(error.code, error.message, NO_HISTORY, error) : error;
}

const NO_HISTORY =
  'Nothing needs to be done for a session that was deleted: it leaves by itself. If it is so with every session, check base_url.';

/** The error of an answer whose status is not 2xx. */
export function statusError(name: string, head: Head): StatusError {
  const { status } = head;
  const redirect = status >= 300 && status < 400;
  const message = `${name}: ${status} ${STATUS_CODES[status] ?? 'of no known meaning'}${redirect ? redirectTarget(head) : ''}`;
  const [code, fix] = redirect ? REDIRECTED : meaningOf(status);
  return new StatusError(code, status, message, fix);
}

type Meaning = readonly [code: ErrorCode, fix: string];

const REDIRECTED: Meaning = [
  'rejected',
  'Redirects are not followed, so that the key reaches no other host: set base_url to the address of the API itself.',
];

function meaningOf(status: number): Meaning {
  switch (status) {
    case 401:
      return ['unauthorized', 'Set a valid LlamaCloud API key for this account; a key file is read again by itself.'];
    case 403:
      return [
        'forbidden',
        'Use a key that may read this organization and project, or leave the project out with projects.exclude.',
      ];
    case 404:
    case 410:
      return [
        'not_found',
        'Check base_url and organization_id. If the project was deleted, it leaves by itself; projects.exclude leaves it out at once.',
      ];
    case 408:
      return ['timeout', WAIT];
    case 429:
      return ['rate_limited', 'Set requests_per_minute to what your plan allows, or poll less often.'];
    default:
      return status >= 500 ? ['server_error', WAIT] : ['rejected', REPORT];
  }
}

/** Where a redirect leads, without path and query: they may hold secrets. */
function redirectTarget(head: Head): string {
  const location = header(head.headers, 'location') ?? '';
  const target = /^(?:https?:)?\/\//i.test(location) ? URL.parse(location, 'https://localhost')?.host : null;
  return target ? `, a redirect to ${target} that was not followed` : ', a redirect that was not followed';
}

/** The error of an attempt that brought no readable answer. */
export function attemptError(
  name: string,
  error: unknown,
  { requestTimeoutMs, connection }: Pick<AccountSettings, 'requestTimeoutMs' | 'connection'>,
): ExporterError {
  if (error instanceof ExporterError) return error;
  if (error instanceof UnreadableBody) return malformedError(name, error.message);
  if (error instanceof DeadlineError) {
    const fix = `Raise request_timeout (now ${requestTimeoutMs / 1000} s), or look for what slows the connection.`;
    return new ExporterError('timeout', `${name}: ${error.message}`, fix);
  }
  return connectionError(name, error, proxyHost(connection));
}

/** The error of an answer that came and cannot be used; `why` quotes nothing of it. */
export function malformedError(name: string, why: string): ExporterError {
  return new ExporterError('malformed', `${name}: the answer cannot be used: ${why}`, REPORT);
}
