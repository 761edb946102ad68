/** Reads a response body: collected up to a limit, decompressed, parsed as JSON. */
import { isUtf8 } from 'node:buffer';
import { promisify } from 'node:util';
import { brotliDecompress, gunzip } from 'node:zlib';
import { type Headers, header } from './headers.ts';

/** The encodings that every request accepts. */
export const ACCEPTED_ENCODINGS = 'gzip, br';

/** A page, or a list of projects, is refused beyond this many bytes, packed or unpacked. */
export const PAGE_LIMIT = 64 * 1024 * 1024;

/** An answer that is no answer: wrong type, too large, broken, not what it should say. The message holds nothing of its content. */
export class UnreadableBody extends Error {}

/** Takes a body chunk by chunk. A promise from `write` pauses the connection until it is settled. */
export interface BodySink<T> {
  /** The status alone is an answer: what is wrong with the body, and what is too long of it, costs nothing. */
  readonly isExtra?: true;
  /** The body is held in memory until its end. */
  readonly isCollected?: true;
  write(chunk: Buffer): void | Promise<void>;
  /** The body is complete: what it says. */
  end(): T | Promise<T>;
  /** Called once, when nothing more will be asked of it: after its value is there, or after a failure. */
  close?(): void;
}

const unpackers = { gzip: promisify(gunzip), br: promisify(brotliDecompress) };

/** How the body is packed; null: it is not. @throws UnreadableBody for an encoding that was not accepted. */
export function encodingOf(headers: Headers): keyof typeof unpackers | null {
  const encoding = header(headers, 'content-encoding')?.trim().toLowerCase() ?? '';
  if (encoding === '' || encoding === 'identity') return null;
  if (encoding === 'gzip' || encoding === 'x-gzip') return 'gzip';
  if (encoding === 'br') return 'br';
  throw new UnreadableBody('its body is packed in a way that was not asked for');
}

/** Types that messages name; any other text of a header could hold anything. */
const NAMED_TYPES = ['text/html', 'text/plain', 'text/xml', 'application/xml', 'application/octet-stream'];

/** @throws UnreadableBody unless the answer calls itself JSON. */
export function requireJson(headers: Headers): void {
  const type = (header(headers, 'content-type') ?? '').trim().toLowerCase();
  if (/^application\/(?:[\w.-]+\+)?json\s*(?:;|$)/.test(type)) return;
  if (type === '') throw new UnreadableBody('its content type is missing');
  const named = NAMED_TYPES.find((name) => type.split(';')[0]?.trim() === name);
  throw new UnreadableBody(`its content type is ${named ?? 'another one'}, not JSON`);
}

/** Collects a JSON body of at most `limit` bytes and hands what it says to `read`. */
export function jsonSink<T>(headers: Headers, limit: number, read: (json: unknown) => T | Promise<T>): BodySink<T> {
  requireJson(headers);
  const encoding = encodingOf(headers);
  const chunks: Buffer[] = [];
  let size = 0;
  return {
    isCollected: true,
    write(chunk) {
      size += chunk.length;
      if (size > limit) throw tooLarge(limit);
      chunks.push(chunk);
    },
    end() {
      if (encoding === null) return read(parseJson(textOf(joined(chunks, size))));
      return unpack(joined(chunks, size), encoding, limit).then((unpacked) => read(parseJson(textOf(unpacked))));
    },
  };
}

/** @throws UnreadableBody where the bytes are not packed so, or hold more than `limit`. */
export async function unpack(bytes: Buffer, encoding: keyof typeof unpackers, limit: number): Promise<Buffer> {
  try {
    return await unpackers[encoding](bytes, { maxOutputLength: limit });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(limit);
    throw new UnreadableBody(`its ${encoding} body is broken`);
  }
}

/** The size limit as an error. */
export function tooLarge(limit: number): UnreadableBody {
  return new UnreadableBody(`its body is larger than ${limit / 1024 / 1024} MiB`);
}

/** The chunks in one buffer. They are let go: a body of 60 MB must not be in memory four times. */
function joined(chunks: Buffer[], size: number): Buffer {
  const all = chunks.splice(0);
  return all.length === 1 ? (all[0] as Buffer) : Buffer.concat(all, size);
}

function textOf(bytes: Buffer): string {
  if (!isUtf8(bytes)) throw new UnreadableBody('its body is not valid UTF-8');
  return bytes.toString('utf8');
}

/** The parser's own message would quote the body, so it goes no further. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new UnreadableBody('its body is not valid JSON');
  }
}
