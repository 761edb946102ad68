/** Combined CRC-32 checksums equal those that zlib computes over the whole. */
import { crc32 } from 'node:zlib';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { sumOf } from '../../src/metrics/snapshot/compressed-chunk.ts';
import { combineCrc32 } from '../../src/metrics/snapshot/crc32.ts';

test('combined checksums equal those of zlib', () => {
  const bytes = fc.uint8Array({ maxLength: 5000 });
  fc.assert(
    fc.property(bytes, bytes, (first, second) => {
      const whole = Buffer.concat([first, second]);
      expect(combineCrc32(crc32(first), crc32(second), second.length)).toBe(crc32(whole));
    }),
  );
});

test('sums of many compressedChunks equal zlib', () => {
  const compressedChunks = fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 40 });
  fc.assert(
    fc.property(compressedChunks, (parts) => {
      const sum = sumOf(parts.map((part) => ({ crc: crc32(part), length: part.length })));
      const whole = Buffer.concat(parts);
      expect(sum).toEqual({ crc: crc32(whole), length: whole.length });
    }),
  );
});

test('a compressedChunk of 300 MB is combined rightly', () => {
  const block = Buffer.alloc(30_000_000, 'llamacloud');
  let crc = 0;
  for (let i = 0; i < 10; i++) crc = crc32(block, crc);
  const first = crc32('before');
  let whole = first;
  for (let i = 0; i < 10; i++) whole = crc32(block, whole);
  expect(combineCrc32(first, crc, 300_000_000)).toBe(whole);
});
