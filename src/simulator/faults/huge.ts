/** An answer that is far too large. */
import { Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import type { Answer } from '../api/answers.ts';
import { jsonAnswer } from '../api/answers.ts';

const CHUNK = Buffer.alloc(256 * 1024, ' ');

/** A valid empty page inside so many bytes of white space; as a gzip bomb it is a thousandth of that on the wire. */
export function hugeAnswer(bytes: number, gzip: boolean): Answer {
  const text = whiteSpace(bytes);
  if (!gzip) return jsonAnswer(text);
  const packed: AsyncIterable<Buffer> = Readable.from(text).pipe(createGzip());
  return jsonAnswer(packed, 200, { 'content-encoding': 'gzip' });
}

function* whiteSpace(bytes: number): Generator<Buffer> {
  yield Buffer.from('{"items":[');
  for (let left = bytes; left > 0; left -= CHUNK.length) yield CHUNK.subarray(0, Math.min(left, CHUNK.length));
  yield Buffer.from(']}');
}
