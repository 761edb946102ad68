/** Sessions of a page become figures or are dropped with a reason, whatever JSON the API sends. */
import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SessionPage } from '../../../src/domain/source.ts';
import { UnreadableBody } from '../../../src/llamacloud/transport/body.ts';
import { item } from '../harness.ts';
import { NOW, outcome, sessionPage } from './session-pages.ts';

const textOf = (micros: number): string => `${new Date(micros / 1000).toISOString().slice(0, 19)}.000000`;

function readOrError(json: unknown): SessionPage | Error {
  try {
    return sessionPage(json);
  } catch (error) {
    return error as Error;
  }
}

const itemsOf = (page: SessionPage): number => page.sessions.length + page.invalid.length;

const inRange = (x: unknown): boolean =>
  x === null || x === undefined || (typeof x === 'number' && x >= 0 && x <= 1e12);

const withMetadata = (fields: object): Record<string, unknown> => item({ job_metadata: fields });

describe('a session of the list', () => {
  it('becomes figures in integer units', () => {
    expect(outcome(item({ index_ids: ['a', 'b', 'a'] }))).toEqual({
      id: 'ses-1',
      updatedAt: 1_776_861_281_342_245,
      run: {
        figures: {
          durationUs: 1_500_250,
          isError: false,
          errorHash: null,
          inputTokens: 120,
          outputTokens: 34,
          turns: 2,
        },
        errorText: null,
      },
      indexIds: ['a', 'b'],
    });
  });

  it('carries its error as text and hash', () => {
    const text = 'Rate limit exceeded: ünïcode 🙂';
    const errorHash = createHash('sha256').update(text, 'utf8').digest('base64url');
    expect(outcome(withMetadata({ is_error: true, error: text }))).toMatchObject({
      run: { errorText: text, figures: { isError: true, errorHash, durationUs: null, inputTokens: null } },
    });
  });

  it.each([
    ['null metadata', item({ job_metadata: null })],
    ['absent metadata', item({ job_metadata: undefined })],
    ['empty metadata', withMetadata({})],
    ['metadata without duration and outcome', withMetadata({ total_input_tokens: 5, turns: 1, error: 'x' })],
    ['metadata with nulls only', withMetadata({ duration_ms: null, is_error: null })],
  ])('has no finished run with %s', (_, subject) => {
    expect(outcome(subject)).toMatchObject({ id: 'ses-1', run: null });
  });

  it('treats an empty error as none', () => {
    expect(outcome(withMetadata({ is_error: true, error: '' }))).toMatchObject({
      run: { errorText: null, figures: { errorHash: null } },
    });
  });

  it('reads minus zero as zero', () => {
    const zeros = JSON.parse('{"duration_ms":-0,"turns":-0,"total_input_tokens":-0,"is_error":false}');
    expect(outcome(withMetadata(zeros))).toMatchObject({
      run: { figures: { durationUs: 0, turns: 0, inputTokens: 0 } },
    });
  });

  it('takes the last of duplicate keys', () => {
    const page = sessionPage(
      JSON.parse('{"items":[{"session_id":"a","session_id":"b","last_updated_at":"2026-01-01T00:00:00"}]}'),
    );
    expect(page.sessions[0]?.id).toBe('b');
  });
});

describe('a malformed session', () => {
  const badNumbers = ['12', 'NaN', true, -1, 1e300, [], {}];
  it.each([
    ...badNumbers.map((bad) => ['duration_ms', bad] as const),
    ...[...badNumbers, 1.5, 1e12 + 1].flatMap((bad) =>
      ['total_input_tokens', 'total_output_tokens', 'turns'].map((field) => [field, bad] as const),
    ),
    ['duration_ms', JSON.parse('1e999')] as const,
    ['turns', JSON.parse('1e999')] as const,
    ['is_error', 'false'] as const,
    ['is_error', 0] as const,
    ['error', 7] as const,
    ['error', {}] as const,
  ])('is dropped for %s of %j', (field, bad) => {
    const metadata = { duration_ms: 1, is_error: false, [field]: bad };
    expect(outcome(withMetadata(metadata))).toEqual({ reason: 'job_metadata', id: 'ses-1' });
  });

  it.each([
    ['not_an_object', null, null],
    ['not_an_object', 'ses-1', null],
    ['not_an_object', [item()], null],
    ['session_id', item({ session_id: '' }), null],
    ['session_id', item({ session_id: 7 }), null],
    ['session_id', item({ session_id: 'x'.repeat(257) }), null],
    ['session_id', item({ session_id: 'a\u0000b' }), null],
    ['session_id', item({ session_id: '\ud800' }), null],
    ['last_updated_at', item({ last_updated_at: null }), 'ses-1'],
    ['last_updated_at', item({ last_updated_at: 1_780_000_000 }), 'ses-1'],
    ['last_updated_at', item({ last_updated_at: '2026-02-30T00:00:00' }), 'ses-1'],
    ['job_metadata', item({ job_metadata: 'none' }), 'ses-1'],
    ['job_metadata', item({ job_metadata: [] }), 'ses-1'],
    ['last_updated_at', item({ last_updated_at: '1999-12-31T23:59:59' }), 'ses-1'],
    ['last_updated_at', item({ last_updated_at: '2200-01-01T00:00:00' }), 'ses-1'],
  ])('is dropped as %s', (reason, subject, id) => {
    expect(outcome(subject)).toEqual({ reason, id });
  });

  it('may lie a day ahead, not more', () => {
    const day = 86_400_000_000;
    expect(outcome(item({ last_updated_at: textOf(NOW + day) }))).toMatchObject({ updatedAt: NOW + day });
    expect(outcome(item({ last_updated_at: textOf(NOW + day + 1_000_000) }))).toEqual({
      reason: 'future',
      id: 'ses-1',
    });
  });
});

describe('the page around the sessions', () => {
  it.each([[[]], [null], ['x'], [{}], [{ items: null }], [{ items: {} }]])('is refused as %j', (json) => {
    expect(() => sessionPage(json)).toThrow('not a page of sessions');
  });

  it('ends without a next token', () => {
    for (const next_page_token of [undefined, null, '']) {
      expect(sessionPage({ items: [], next_page_token }).nextToken).toBeNull();
    }
    expect(sessionPage({ items: [], next_page_token: 't' }).nextToken).toBe('t');
  });

  it.each([
    ['a number', 5],
    ['an object', {}],
    ['half a character', '\ud83d'],
    ['too long for a URL', 'x'.repeat(8193)],
  ])('keeps its sessions where its token is %s', (_, next_page_token) => {
    const page = sessionPage({ items: [item()], next_page_token });
    expect(page).toMatchObject({ nextToken: null, fault: { code: 'malformed' } });
    expect(page.sessions.length).toBe(1);
    expect(page.fault?.message).toContain('next_page_token');
  });

  it('keeps the order and drops exactly what breaks the rules', () => {
    const number = fc.oneof(fc.constant(undefined), fc.constant(null), fc.double(), fc.integer(), fc.string());
    const metadata = fc.record(
      {
        duration_ms: number,
        total_input_tokens: number,
        total_output_tokens: number,
        turns: number,
        is_error: fc.option(fc.boolean(), { nil: null }),
        error: fc.option(fc.string(), { nil: null }),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.array(metadata, { maxLength: 8 }), (list) => {
        const good = list.map((_, at) => item({ session_id: `good-${at}` }));
        const subjects = list.map((job_metadata, at) => item({ session_id: `s-${at}`, job_metadata }));
        const page = sessionPage({ items: [...good, ...subjects] });
        const kept = list.flatMap((m, at) => (isLegal(m) ? [`s-${at}`] : []));
        expect(page.sessions.slice(list.length).map((s) => s.id)).toEqual(kept);
        expect(page.invalid.map((i) => i.id)).toEqual(list.flatMap((m, at) => (isLegal(m) ? [] : [`s-${at}`])));
      }),
      { numRuns: 1000 },
    );
  });
});

describe('any JSON at all', () => {
  it('is a page or an unreadable body', () => {
    const field = fc.oneof(fc.jsonValue(), fc.constant('2026-01-01T00:00:00'), fc.constant('id'));
    const keys = ['session_id', 'last_updated_at', 'index_ids', 'job_metadata', '__proto__'];
    const items = fc.array(fc.oneof(fc.jsonValue(), fc.dictionary(fc.constantFrom(...keys), field)), { maxLength: 6 });
    const body = fc.oneof(fc.jsonValue(), fc.record({ items, next_page_token: fc.jsonValue() }), fc.record({ items }));
    fc.assert(
      fc.property(body, (json) => {
        const read = readOrError(json);
        const count = (json as { items: unknown[] } | null)?.items?.length;
        const isRight = 'message' in read ? read instanceof UnreadableBody : itemsOf(read) === count;
        expect(isRight).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });
});

/** The rules in other words: a number in a field is from 0 to a million million; counts are whole. */
function isLegal(metadata: Readonly<Record<string, unknown>>): boolean {
  const counts = [metadata['total_input_tokens'], metadata['total_output_tokens'], metadata['turns']];
  return inRange(metadata['duration_ms']) && counts.every((x) => inRange(x) && (typeof x !== 'number' || x % 1 === 0));
}
