/** What a malformed item does not cost: its neighbours, and fields that nobody needs (docs/accounting.md, L4). */
import { describe, expect, it } from 'vitest';
import { item } from '../harness.ts';
import { outcome, pageOf, sessionPage } from './session-pages.ts';

describe('an optional field that cannot be read', () => {
  it.each<[unknown, readonly string[]]>([
    [[''], []],
    [[null], []],
    ['idx', []],
    [{}, []],
    [7, []],
    [
      [1, 'a', '', 'b', {}, 'a', 'x'.repeat(257), '\u0000'],
      ['a', 'b'],
    ],
  ])('costs itself alone: index_ids of %j', (index_ids, indexIds) => {
    expect(outcome(item({ index_ids }))).toMatchObject({ id: 'ses-1', run: { figures: { turns: 2 } }, indexIds });
  });

  it.each([[7], [{}], [['a']], [true]])('costs nothing: a title of %j', (generated_title) => {
    const metadata = { turns: 2, is_error: false, export_config_ids: 'none' };
    expect(outcome(item({ generated_title, job_metadata: metadata }))).toMatchObject({
      run: { figures: { turns: 2 } },
    });
  });
});

describe('a page that is mostly malformed', () => {
  const bad = [null, item({ session_id: 7 }), item({ job_metadata: { turns: -1 } })];

  it('has a fault beside what is good', () => {
    const items = [...bad, ...bad, item(), item(), item(), item()];
    const page = sessionPage({ items, next_page_token: 'more' });
    expect(page.fault).toMatchObject({
      name: 'ExporterError',
      code: 'malformed',
      message:
        '[GET] "url": the answer cannot be used: 6 of its 10 sessions are malformed (not_an_object: 2, session_id: 2, job_metadata: 2)',
    });
    expect(page.sessions).toHaveLength(4);
    expect(page.invalid).toHaveLength(6);
    expect(page.invalid[2]).toEqual({ reason: 'job_metadata', id: 'ses-1' });
    expect(page.nextToken).toBe('more');
  });

  it('has none up to one half', () => {
    const page = sessionPage(pageOf(5, 5));
    expect(page.fault).toBeNull();
    expect(page.invalid).toHaveLength(5);
  });

  it.each([
    [9, 0],
    [1, 0],
    [2, 1],
    [5, 4],
  ])('has none where it is small: %i of %i more', (malformed, good) => {
    const page = sessionPage(pageOf(malformed, good));
    expect(page.fault).toBeNull();
    expect(page.sessions).toHaveLength(good);
    expect(page.invalid).toHaveLength(malformed);
  });
});
