/** Combines the CRC-32 checksums of two pieces of data. */

/**
 * The checksum of two pieces of data from the checksums of each.
 * After `crc32_combine` of zlib 1.3 (crc32.c, functions multmodp and x2nmodp), Mark Adler, zlib licence:
 * https://github.com/madler/zlib/blob/v1.3.1/crc32.c
 * A CRC is a polynomial over GF(2) modulo POLY, its bits reflected: bit 31 is the coefficient of x^0.
 */
const POLY = 0xedb88320;
const ONE = 0x80000000;

/** a(x) b(x) modulo POLY. */
function multiply(a: number, b: number): number {
  let product = 0;
  let factor = b;
  for (let bit = ONE; bit !== 0; bit >>>= 1) {
    if ((a & bit) !== 0) product ^= factor;
    factor = (factor & 1) === 1 ? (factor >>> 1) ^ POLY : factor >>> 1;
  }
  return product >>> 0;
}

/** SQUARES[n] is x^(2^n) modulo POLY; x has order 2^32 - 1, so that 32 of them serve all exponents. */
const SQUARES: readonly number[] = squares();

function squares(): number[] {
  const table = [ONE >>> 1];
  while (table.length < 32) {
    const last = table[table.length - 1] as number;
    table.push(multiply(last, last));
  }
  return table;
}

/** x^(8 `bytes`) modulo POLY: what appending that many bytes multiplies a checksum by. */
function shift(bytes: number): number {
  let power = ONE;
  for (let rest = bytes, n = 3; rest > 0; rest = Math.floor(rest / 2), n++) {
    if (rest % 2 === 1) power = multiply(SQUARES[n % 32] as number, power);
  }
  return power;
}

/** CRC-32 of two pieces one after the other, where `length` is that of the second in bytes. */
export function combineCrc32(first: number, second: number, length: number): number {
  return (multiply(shift(length), first) ^ second) >>> 0;
}
