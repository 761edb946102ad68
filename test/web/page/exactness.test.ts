/** What the page says of how exact the numbers are (docs/accounting.md, H7). */
import { describe, expect, it } from 'vitest';
import type { ProjectStatus, Status } from '../../../src/domain/status.ts';
import { projectFixture } from '../fixtures.ts';
import { shown, textOf } from './text.ts';

const RECENT = '2026-05-04T11:59:48.000Z';
const OLDER = '2026-05-04T11:56:00.000Z';

const summary = (change: Partial<Status>): string => textOf(shown(change), /<p class="exactness"[^>]*>(.*?)<\/p>/s);
const cell = (project: ProjectStatus): string =>
  textOf(shown({ projects: [project] }), /<td[^>]*data-label="Exact up to">(.*?)<\/td>/s);

const exact = projectFixture();
const waiting = projectFixture({ verification: { exactUpTo: OLDER, waiting: 3, givenUp: 0, failing: [] } });
const unread = projectFixture({ verification: { exactUpTo: null, waiting: 0, givenUp: 0, failing: [] } });
const uncertain = projectFixture({
  verification: { exactUpTo: RECENT, waiting: 0, givenUp: 2, failing: [] },
  unreconciled: 5,
});

describe('the summary', () => {
  it.each([
    ['all exact', [exact, exact], 'Exact All runs up to 12 s ago are counted. No session waits'],
    ['some waiting', [exact, waiting, waiting], 'Settling All runs up to 4 min ago are counted. 6 sessions wait for'],
    [
      'one not read yet',
      [exact, unread],
      'Exact All runs up to 12 s ago are counted in the 1 of 2 projects read so far.',
    ],
    ['none read yet', [unread], 'Settling No project has been read yet.'],
    [
      'some uncertain',
      [exact, uncertain],
      'Settled All runs up to 12 s ago are counted. No session waits for its event history to be read. 5 times the number of runs was uncertain, and the smaller number was counted; the history of 2 sessions could not be read for a day.',
    ],
  ] as const)('of %s says so', (_, projects, words) => {
    expect(summary({ projects })).toContain(words);
  });

  it('says that last_run is a lower bound', () => {
    const projects = [projectFixture({ verification: null, unreconciled: 1 })];
    expect(summary({ accounting: 'last_run', projects })).toBe(
      'Lower bound Only the last run of each session between two polls is counted (accounting: last_run). Once the number of runs was uncertain, and the smaller number was counted.',
    );
  });
});

describe('a project', () => {
  it('says up to when it is exact', () => {
    expect(cell(exact)).toBe('12 s ago');
    expect(cell(unread)).toBe('–');
  });

  it('says what waits and what stays uncertain', () => {
    expect(cell(waiting)).toBe('4 min ago 3 waiting');
    expect(cell({ ...waiting, unreconciled: 2 })).toBe('4 min ago 3 waiting · 2 uncertain');
  });

  it('has no such column with last_run', () => {
    expect(shown({ accounting: 'last_run' })).not.toContain('Exact up to');
  });
});

it('accounting is said in words', () => {
  expect(shown({})).toContain('Every run is counted');
  expect(shown({ accounting: 'last_run' })).toContain('event histories are not read');
});
