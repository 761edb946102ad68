/** Parses the query of a list of sessions; refuses unknown parameters and says which are valid. */
import { parseDuration } from '../domain/duration.ts';
import { MOST_SESSIONS, SESSION_SORTS, SESSION_STATES, type SessionQuery } from '../domain/session-list.ts';

/** Sessions in a list when the client does not say how many. */
export const USUAL_LIMIT = 20;

/** What is wrong with one parameter, and what it may be. */
export type QueryFault = { readonly parameter: string; readonly error: string; readonly allowed: readonly string[] };

export type ParsedQuery = { readonly query: SessionQuery } | { readonly faults: readonly QueryFault[] };

const PARAMETERS = ['sort', 'state', 'class', 'since', 'limit'] as const;
const DURATIONS = ['a duration such as 30m, 24h or 7d'] as const;
const LIMITS = [`a whole number from 1 to ${MOST_SESSIONS}`] as const;
/** Longest parameter name that is repeated in an answer, characters. */
const LONGEST_NAME = 40;

/** `classes`: error classes that sessions may have. All faults are named at once. */
export function parseSessionQuery(params: URLSearchParams, classes: readonly string[]): ParsedQuery {
  const faults = [...new Set(params.keys())].flatMap((name) => nameFaults(name, params));
  const oneOf = <T extends string>(name: string, allowed: readonly T[]): T | null => {
    const text = params.get(name);
    const value = allowed.find((candidate) => candidate === text) ?? null;
    if (text !== null && value === null) faults.push(refused(name, allowed));
    return value;
  };
  const numberFrom = (name: string, parse: (text: string) => number | null, allowed: readonly string[]) => {
    const text = params.get(name);
    const value = text === null ? null : parse(text);
    if (text !== null && value === null) faults.push(refused(name, allowed));
    return value;
  };
  const query: SessionQuery = {
    sort: oneOf('sort', SESSION_SORTS) ?? 'updated',
    state: oneOf('state', SESSION_STATES),
    errorClass: oneOf('class', classes),
    since: numberFrom('since', parseSince, DURATIONS),
    limit: numberFrom('limit', parseLimit, LIMITS) ?? USUAL_LIMIT,
  };
  return faults.length === 0 ? { query } : { faults };
}

/** Microseconds. */
export function parseSince(text: string): number | null {
  const ms = parseDuration(text);
  return ms === null || !Number.isSafeInteger(ms * 1000) ? null : ms * 1000;
}

function parseLimit(text: string): number | null {
  const limit = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  return limit >= 1 && limit <= MOST_SESSIONS ? limit : null;
}

function nameFaults(name: string, params: URLSearchParams): readonly QueryFault[] {
  const parameter = name.slice(0, LONGEST_NAME);
  if (!PARAMETERS.some((known) => known === name)) {
    return [{ parameter, error: 'is not a parameter', allowed: PARAMETERS }];
  }
  return params.getAll(name).length > 1
    ? [{ parameter, error: 'is given more than once', allowed: ['one value'] }]
    : [];
}

function refused(parameter: string, allowed: readonly string[]): QueryFault {
  return { parameter, error: 'has a value that is not allowed', allowed };
}
