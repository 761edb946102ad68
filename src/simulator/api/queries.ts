/** Reads query parameters as the service does, and refuses invalid ones. */

import type { Key } from '../world/types.ts';
import type { World } from '../world/world.ts';
import { Refusal, unprocessable } from './answers.ts';
import { readToken } from './page-tokens.ts';

const UUID = /^[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}$/i;

/** The page size: what was asked for, up to the service's maximum. Refuses what is not a size. */
export function pageSizeOf(query: URLSearchParams, world: World): number {
  const text = query.get('page_size');
  if (text === null || text === '') return world.options.pageSizeDefault;
  if (!/^[+-]?\d+$/.test(text)) {
    const msg = 'Input should be a valid integer, unable to parse string as an integer';
    throw unprocessable('page_size', 'int_parsing', msg, text);
  }
  if (Number(text) < 1) {
    throw unprocessable('page_size', 'greater_than_equal', 'Input should be greater than or equal to 1', text);
  }
  return Math.min(Number(text), world.options.pageSizeMax);
}

/** Where the requested page begins; null for the start. Refuses tokens of other lists, expired and forged ones. */
export function placeOf(query: URLSearchParams, list: string, world: World): Key | null {
  const text = query.get('page_token');
  if (text === null || text === '') return null;
  const token = readToken(text);
  if (token === null || token.list !== list) throw badToken(world, 'Invalid page token');
  const { tokenTtlMs } = world.options;
  if (tokenTtlMs !== null && world.clock.now() - token.issuedAt > tokenTtlMs * 1000) {
    throw badToken(world, 'Page token has expired');
  }
  return token.after;
}

/** The refusal of an id that was not found: 422 if it cannot be an id, else 404. */
export function notFound(what: string, name: string, id: string): Refusal {
  if (UUID.test(id)) return new Refusal(404, `${what} with id ${id} not found`);
  return unprocessable(name, 'uuid_parsing', 'Input should be a valid UUID, invalid character', id);
}

function badToken(world: World, detail: string): Refusal {
  const { tokenErrorStatus } = world.options;
  return tokenErrorStatus === 422
    ? unprocessable('page_token', 'value_error', detail, null)
    : new Refusal(tokenErrorStatus, detail);
}
