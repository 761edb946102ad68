/** The parts of the status page without a browser: escaping, figures, order, and addresses. */
import { describe, expect, it } from 'vitest';

import { ago, budget, bytes, clip, compact, duration, percent, usd, whole } from '../../../src/web/page/format.ts';
import { html } from '../../../src/web/page/html.ts';
import { arrange, linkTo, parseView, SORT_KEYS, sortedBy, type View } from '../../../src/web/page/overview/sort.ts';
import { hourOf, manyProjects, projectFixture } from '../fixtures.ts';

describe('html', () => {
  it('escapes what is put in', () => {
    expect(html`<a title="${`"'<&>`}">${'<b>'}</a>`.text).toBe('<a title="&quot;&#39;&lt;&amp;&gt;">&lt;b&gt;</a>');
  });

  it('takes html, lists, numbers and nothing', () => {
    expect(html`${html`<b>${1}</b>`}${['<', html`<i>`]}${null}${false}${0}${''}`.text).toBe('<b>1</b>&lt;<i>0');
  });
});

describe('figures', () => {
  it.each([
    [null, '–'],
    [0.0004, '0 ms'],
    [0.32, '320 ms'],
    [4.24, '4.2 s'],
    [89.4, '89 s'],
    [90, '2 min'],
    [5340, '89 min'],
    [5400, '1 h 30 min'],
    [7200, '2 h'],
    [172_800, '2 d'],
    [190_000, '2 d 4 h'],
  ])('of %s s are %s', (seconds, text) => {
    expect(duration(seconds)).toBe(text);
  });

  it('are short and exact', () => {
    expect([whole(1234567), whole(null), compact(1_234_567), compact(999), percent(0.0423), percent(null)]).toEqual([
      '1,234,567',
      '–',
      '1.23M',
      '999',
      '4.2%',
      '–',
    ]);
    expect([usd(null), usd(0), usd(0.00123), usd(0.5), usd(12.345), usd(1234.5)]).toEqual([
      '–',
      '$0.00',
      '$0.0012',
      '$0.50',
      '$12.35',
      '$1,235',
    ]);
    expect([bytes(0), bytes(1023), bytes(1024), bytes(3_456_789), bytes(5e15)]).toEqual([
      '0 B',
      '1023 B',
      '1 KiB',
      '3.3 MiB',
      '4547.5 TiB',
    ]);
    expect([budget(null), budget(1 / 3), budget(1.5), budget(12.34), budget(0)]).toEqual([
      'no limit',
      '20 requests/min',
      '90 requests/min',
      '12 requests/s',
      '0 requests/min',
    ]);
    expect(ago('2026-01-01T00:00:00Z', '2026-01-01T00:00:12Z')).toBe('12 s ago');
    expect(ago('2026-01-01T00:00:12Z', '2026-01-01T00:00:00Z')).toBe('now');
  });
});

it('long names are cut as labels are', () => {
  expect(clip('n'.repeat(128))).toBe('n'.repeat(128));
  expect(clip('😀'.repeat(10_000))).toBe(`${'😀'.repeat(128)}…`);
});

const view = (change: Partial<View> = {}): View => ({
  sort: 'name',
  isDescending: false,
  filter: '',
  onlyFailing: false,
  page: 1,
  ...change,
});
const namesBy = (change: Partial<View>, projects = manyProjects(40)): readonly string[] =>
  arrange(projects, view(change)).map(({ name }) => name);

describe('order of projects', () => {
  it('is by name as people count', () => {
    expect(namesBy({}).slice(0, 3)).toEqual(['Project 1', 'Project 2', 'Project 3']);
    expect(namesBy({ isDescending: true })[0]).toBe('Project 40');
  });

  it.each(SORT_KEYS)('by %s holds every project', (sort) => {
    expect(new Set(namesBy({ sort })).size).toBe(40);
    expect(new Set(namesBy({ sort, isDescending: true })).size).toBe(40);
  });

  it('puts what is unknown last either way', () => {
    const projects = [null, 3, 1].map((sessions, i) => projectFixture({ name: `n${i}`, sessions }));
    expect(namesBy({ sort: 'sessions' }, projects)).toEqual(['n2', 'n1', 'n0']);
    expect(namesBy({ sort: 'sessions', isDescending: true }, projects)).toEqual(['n1', 'n2', 'n0']);
  });

  it('shows what is down first, then what fails most', () => {
    const quiet = [true, null, false].map((up, i) => projectFixture({ name: `n${i}`, up, lastHour: null }));
    const failing = [1, 3].map((n) => projectFixture({ name: `f${n}`, lastHour: hourOf([10], [n]) }));
    const below = projectFixture({ name: 'below', lastHour: hourOf([100], [9]) });
    expect(namesBy({ sort: 'status' }, [...quiet, below, ...failing])).toEqual(['n2', 'f3', 'f1', 'n1', 'below', 'n0']);
  });

  it('may hold those only that are down or failing', () => {
    const projects = [
      projectFixture({ name: 'ok' }),
      projectFixture({ name: 'down', up: false }),
      projectFixture({ name: 'failing', lastHour: hourOf([10], [1]) }),
      projectFixture({ name: 'idle', lastHour: null }),
    ];
    expect(namesBy({ onlyFailing: true }, projects)).toEqual(['down', 'failing']);
    expect(namesBy({ onlyFailing: true, filter: 'fail' }, projects)).toEqual(['failing']);
  });

  it('does not touch the status itself', () => {
    const projects = manyProjects(5);
    const before = [...projects];
    arrange(projects, view({ sort: 'runs', isDescending: true }));
    expect(projects).toEqual(before);
  });

  it('filters by name, id and account', () => {
    const projects = [
      projectFixture({ name: 'Alpha' }),
      projectFixture({ name: 'b', id: 'xALPHAx' }),
      projectFixture({ name: 'c', account: 'alpha' }),
      projectFixture({ name: 'd' }),
    ];
    expect(namesBy({ filter: 'alpha' }, projects)).toEqual(['Alpha', 'b', 'c']);
  });
});

describe('address of the page', () => {
  it('means the default when it means nothing', () => {
    for (const query of ['', 'sort=bogus', 'sort=status&order=up', 'sort=__proto__&q=', 'only=x&page=-1', 'page=1e9']) {
      expect(parseView(new URLSearchParams(query))).toEqual(view({ sort: 'status' }));
    }
  });

  it('is read back from its links', () => {
    const there = sortedBy(view({ filter: 'a & b', onlyFailing: true, page: 3 }), 'runs');
    expect(there).toEqual({ sort: 'runs', isDescending: true, filter: 'a & b', onlyFailing: true, page: 1 });
    for (const target of [there, { ...there, page: 7 }, sortedBy(there, 'runs'), sortedBy(there, 'name')]) {
      expect(parseView(new URLSearchParams(linkTo(target)))).toEqual(target);
    }
    expect([sortedBy(there, 'runs').isDescending, sortedBy(there, 'name').isDescending]).toEqual([false, false]);
  });
});
