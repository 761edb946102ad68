/** Page tokens: opaque to clients, readable by the simulator. */
import { crc32 } from 'node:zlib';
import type { Key, Micros } from '../world/types.ts';

/** What an opaque page token holds: the place after which the next page begins (null: the start). */
export interface PageToken {
  /** The list it was made for: a project's id, or `projects`. */
  readonly list: string;
  readonly after: Key | null;
  readonly issuedAt: Micros;
  /** The number of the page that it leads to; the first page, which needs no token, is 1. */
  readonly page: number;
  /** Makes tokens for the same place differ. */
  readonly nonce: number;
}

/** Writes a token, for `readToken` only. */
export function writeToken(token: PageToken): string {
  const { list, after, issuedAt, page, nonce } = token;
  const text = JSON.stringify([list, after?.updatedAt ?? null, after?.id ?? null, issuedAt, page, nonce]);
  return Buffer.from(`${crc32(text).toString(36)}.${text}`).toString('base64url');
}

/** Reads a token; null if the simulator did not write it. */
export function readToken(text: string): PageToken | null {
  const decoded = Buffer.from(text, 'base64url').toString();
  const dot = decoded.indexOf('.');
  const body = decoded.slice(dot + 1);
  if (dot < 1 || crc32(body).toString(36) !== decoded.slice(0, dot)) return null;
  const [list, updatedAt, id, issuedAt, page, nonce] = JSON.parse(body) as [
    string,
    Micros | null,
    string | null,
    Micros,
    number,
    number,
  ];
  const after = updatedAt === null || id === null ? null : { updatedAt, id };
  return { list, after, issuedAt, page, nonce };
}

/** The number of the page that a token leads to: 1 without one, or with one that the simulator did not write. */
export function pageNumber(pageToken: string | null): number {
  return pageToken === null ? 1 : (readToken(pageToken)?.page ?? 1);
}
