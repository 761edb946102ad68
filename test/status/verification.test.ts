/** Up to when the numbers of a project are exact, as the status page and its JSON say it (docs/accounting.md, H7). */
import { describe, expect, it } from 'vitest';
import { room, START } from './room.ts';
import { viewFixture } from './views.ts';

const SECOND = 1_000_000;
const lastSuccess = START + 60 * SECOND;

/** What the JSON says of the only project. */
function shown(change: Parameters<typeof viewFixture>[1]) {
  const { publisher, now } = room();
  publisher.put(viewFixture('p', change));
  return now().projects[0];
}

describe('the numbers of a project', () => {
  it('are exact up to the last success when nothing waits', () => {
    expect(shown({ polls: { lastSuccess } })?.verification).toEqual({
      exactUpTo: '2026-05-04T12:01:00.000Z',
      waiting: 0,
      givenUp: 0,
      failing: [],
    });
  });

  it('are exact up to the begin of the last success, not its end', () => {
    const project = shown({ polls: { lastSuccess }, seenUpTo: lastSuccess - 30 * SECOND });
    expect(project?.verification?.exactUpTo).toBe('2026-05-04T12:00:30.000Z');
  });

  it('are exact up to just before the oldest that waits', () => {
    const verification = { unverified: 3, givenUp: 2, unreconciled: 4 };
    const project = shown({ polls: { lastSuccess }, verification, oldestUnverified: START });
    expect(project?.verification).toEqual({
      exactUpTo: '2026-05-04T11:59:59.999Z',
      waiting: 3,
      givenUp: 2,
      failing: [],
    });
    expect(project?.unreconciled).toBe(4);
  });

  it('are never exact beyond the last success', () => {
    const project = shown({
      polls: { lastSuccess },
      verification: { unverified: 1 },
      oldestUnverified: lastSuccess + 5 * SECOND,
    });
    expect(project?.verification?.exactUpTo).toBe('2026-05-04T12:01:00.000Z');
  });

  it('are not known to be exact before the first success', () => {
    const project = shown({ verification: { unverified: 1 }, oldestUnverified: START });
    expect(project?.verification).toEqual({ exactUpTo: null, waiting: 1, givenUp: 0, failing: [] });
  });

  it('are a lower bound with last_run', () => {
    const { publisher, now, setAccounting } = room();
    setAccounting('last_run');
    publisher.put(
      viewFixture('p', {
        polls: { lastSuccess },
        verification: { unverified: 3, unreconciled: 1 },
        oldestUnverified: START,
      }),
    );
    expect(now().projects[0]).toMatchObject({ verification: null, unreconciled: 1 });
  });
});
