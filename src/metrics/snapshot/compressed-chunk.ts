/** Compressed chunks that concatenate to one gzip member (RFC 1951, RFC 1952). */
import { constants, crc32, deflateRawSync } from 'node:zlib';
import { combineCrc32 } from './crc32.ts';

/** `deflated` is raw deflate; `crc` and `length` (bytes) are those of the text before it. */
export type CompressedChunk = { readonly deflated: Buffer; readonly crc: number; readonly length: number };

const HEADER = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff]);
const TRAILER_LENGTH = 8;
/** Measured on chunks of a histogram: four times as fast as the default level, and 6 % larger. */
const LEVEL = constants.Z_BEST_SPEED;

/** A compressed chunk that more may follow: it ends at a byte boundary (Z_SYNC_FLUSH) without a final block. */
export function openChunk(text: string): CompressedChunk {
  return compressedChunk(text, constants.Z_SYNC_FLUSH);
}

/** The last chunk: it ends with the final block. */
export function finalChunk(text: string): CompressedChunk {
  return compressedChunk(text, constants.Z_FINISH);
}

function compressedChunk(text: string, finishFlush: number): CompressedChunk {
  const bytes = Buffer.from(text);
  return { deflated: deflateRawSync(bytes, { finishFlush, level: LEVEL }), crc: crc32(bytes), length: bytes.length };
}

/** The checksum and length of chunks one after the other. */
export type Sum = { readonly crc: number; readonly length: number };

/** Adds up chunks, or sums of chunks, in order. */
export function sumOf(parts: Iterable<Sum>): Sum {
  let crc = 0;
  let length = 0;
  for (const part of parts) {
    crc = combineCrc32(crc, part.crc, part.length);
    length += part.length;
  }
  return { crc, length };
}

/** One gzip member of `chunks`, the last of which is final. `sum` is theirs. */
export function gzipMember(compressedChunks: readonly CompressedChunk[], sum: Sum): Buffer {
  const trailer = Buffer.alloc(TRAILER_LENGTH);
  trailer.writeUInt32LE(sum.crc, 0);
  trailer.writeUInt32LE(sum.length % 2 ** 32, 4);
  return Buffer.concat([HEADER, ...compressedChunks.map((part) => part.deflated), trailer]);
}
