/** The cutter that shortens long strings in a JSON stream: what it keeps is valid JSON of the same shape. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StringCutter } from '../../../src/llamacloud/endpoints/long-strings.ts';

/** What is kept of a text that comes in pieces of these sizes, in turns. */
function cut(text: string, limit: number, sizes: readonly number[] = [1000]): string {
  const kept: Buffer[] = [];
  const cutter = new StringCutter(limit, (bytes) => kept.push(Buffer.from(bytes)));
  const bytes = Buffer.from(text);
  for (let at = 0, n = 0; at < bytes.length; n += 1) {
    const size = sizes[n % sizes.length] as number;
    cutter.push(bytes.subarray(at, at + size));
    at += size;
  }
  return Buffer.concat(kept).toString();
}

const escaped = (text: string): string =>
  text.replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);

const value = fc.jsonValue({ stringUnit: 'binary' });
const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 });

/** The same value as `whole`, but that strings and keys may end early. */
function isBeginning(kept: unknown, whole: unknown): boolean {
  if (typeof whole === 'string') return typeof kept === 'string' && whole.startsWith(kept);
  if (typeof whole !== 'object' || whole === null) return Object.is(kept, whole) || kept === whole;
  if (!Array.isArray(whole)) return typeof kept === 'object' && kept !== null && !Array.isArray(kept);
  return Array.isArray(kept) && kept.length === whole.length && whole.every((x, n) => isBeginning(kept[n], x));
}

describe('the cutter of long strings', () => {
  it.each([
    ['["abcdef", 1234567]', '["abcd", 1234567]'],
    ['["abcd"]', '["abcd"]'],
    ['["abc\\"def"]', '["abc\\""]'],
    ['["abcd\\"ef", "x"]', '["abcd", "x"]'],
    ['["abcde\\\\", "x"]', '["abcd", "x"]'],
    ['["abc\\u00fcde"]', '["abc\\u00fc"]'],
    ['["abcü🙂"]', '["abcü"]'],
    ['{"a key": "", "b": "12345"}', '{"a ke": "", "b": "1234"}'],
  ])('makes %s %s', (text, kept) => {
    expect(cut(text, 4)).toBe(kept);
    expect(cut(text, 4, [1])).toBe(kept);
  });

  it('leaves shorter strings as they are', () => {
    fc.assert(
      fc.property(value, sizes, (json, pieces) => {
        const text = JSON.stringify(json);
        expect(cut(text, 1e6, pieces)).toBe(text);
      }),
    );
  });

  it('keeps JSON of any kind what it is', () => {
    fc.assert(
      fc.property(fc.array(value), fc.boolean(), fc.nat(12), sizes, (json, isAscii, limit, pieces) => {
        const text = isAscii ? escaped(JSON.stringify(json)) : JSON.stringify(json);
        const kept = cut(text, limit, pieces);
        expect(isBeginning(JSON.parse(kept), JSON.parse(text))).toBe(true);
        expect(cut(text, limit)).toBe(kept);
      }),
      { numRuns: 1000 },
    );
  });

  it('lets no string grow beyond its limit', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.nat(12), (text, limit) => {
        const whole = escaped(JSON.stringify([text]));
        // A last escape of six bytes may be completed.
        expect(cut(whole, limit).length).toBeLessThanOrEqual(limit + 5 + '[""]'.length);
      }),
    );
  });
});
