/** The next page is requested while this one is on its way. */
import { describe, expect, test } from 'vitest';
import type { OnToken, PageRequest, SessionPage, SessionSource } from '../../src/domain/source.ts';
import type { Context } from '../../src/poller/context.ts';
import { ReadAhead } from '../../src/poller/sweep/read-ahead.ts';

/** A source whose pages the test answers in two steps: the token of the next page, then the page. */
class HandSource {
  readonly asked: (string | null)[] = [];
  readonly #waiting = new Map<string | null, { onToken: OnToken; resolve: (page: SessionPage) => void }>();

  page(request: PageRequest, _: AbortSignal, onToken: OnToken = () => {}): Promise<SessionPage> {
    this.asked.push(request.token);
    return new Promise((resolve) => this.#waiting.set(request.token, { onToken, resolve }));
  }

  tellToken(token: string | null, next: string): void {
    this.#waiting.get(token)?.onToken(next);
  }

  answer(token: string | null, nextToken: string | null): void {
    this.#waiting
      .get(token)
      ?.resolve({ sessions: [], invalid: [], nextToken, serverTime: 0, requestedAt: 0, fault: null });
  }
}

function begin(mayAsk: (token: string) => boolean = () => true): { source: HandSource; pages: ReadAhead } {
  const source = new HandSource();
  const plan = { source: source as unknown as SessionSource };
  const ctx = { plan, state: { project: { id: 'p' } } } as unknown as Context;
  return { source, pages: new ReadAhead(ctx, mayAsk, new AbortController().signal) };
}

describe('while a page is on its way', () => {
  test('the next one is asked for as soon as its token is known', () => {
    const { source, pages } = begin();
    void pages.read(null);
    expect(pages.isAhead).toBe(false);
    source.tellToken(null, 'b');
    expect(source.asked).toEqual([null, 'b']);
    expect(pages.isAhead).toBe(true);
  });

  test('no second one is, however soon the next one tells its token', () => {
    const { source, pages } = begin();
    void pages.read(null);
    source.tellToken(null, 'b');
    source.tellToken('b', 'c');
    expect(source.asked).toEqual([null, 'b']);
    void pages.read('b');
    expect(source.asked).toEqual([null, 'b', 'c']);
  });

  test('the next one waits where it may not be asked for', () => {
    const { source, pages } = begin(() => false);
    void pages.read(null);
    source.tellToken(null, 'b');
    expect(source.asked).toEqual([null]);
    void pages.read('b');
    expect(source.asked).toEqual([null, 'b']);
  });
});

test('a page that was asked for ahead is not asked for again', async () => {
  const { source, pages } = begin();
  void pages.read(null);
  source.tellToken(null, 'b');
  const page = pages.read('b');
  source.answer('b', null);
  expect((await page).nextToken).toBeNull();
  expect(source.asked).toEqual([null, 'b']);
});

test('a page that was repeated with another token is followed by that one', () => {
  const { source, pages } = begin();
  void pages.read(null);
  source.tellToken(null, 'b');
  source.tellToken(null, 'c');
  void pages.read('c');
  expect(source.asked).toEqual([null, 'b', 'c']);
});
