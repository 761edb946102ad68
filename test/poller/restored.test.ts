/** What a process takes over from an earlier one: statistics continue, a sweep of long ago does not. */
import { describe, expect, it } from 'vitest';
import { ExporterError } from '../../src/domain/errors.ts';
import { NO_CURSORS } from '../../src/domain/store.ts';
import { DAY, SECOND } from '../../src/domain/time.ts';
import { beginStats, pollFailed, pollSucceeded } from '../../src/poller/polling/stats.ts';
import { figures } from '../fakes/fake-api.ts';
import { Harness, START } from './harness.ts';

describe('statistics', () => {
  const cursors = { ...NO_CURSORS, lastSuccess: START, lastFullSweep: START };
  const stored = {
    ...pollFailed(pollSucceeded(beginStats(cursors, null), 'full', 3, START), 'head', 1, 'timeout'),
    headPolling: true,
    sweepProgress: 0.5,
    staleReads: 7,
  };

  it('continue after a restart', () => {
    expect(beginStats(cursors, stored)).toMatchObject({
      polls: { head: { failure: 1 }, full: { success: 1 } },
      failures: { timeout: 1 },
      lastDuration: { head: 1, full: 3 },
      lastSuccess: START,
      staleReads: 7,
    });
  });

  it('say nothing of polls that this process has not made', () => {
    expect(beginStats(cursors, stored)).toMatchObject({ up: null, headPolling: false, sweepProgress: 1 });
  });

  it('of an older version begin at 0 where it did not know them', () => {
    const { timeout: _, ...failures } = stored.failures;
    const { headPollMisses: __, ...older } = stored;
    const begun = beginStats(cursors, { ...older, failures } as typeof stored);
    expect([begun.failures.timeout, begun.headPollMisses, begun.staleReads]).toEqual([0, 0, 7]);
  });
});

describe('a poll of this process', () => {
  it('is what project_up is about', async () => {
    const h = await Harness.start((x) => x.api.show('p', 's', START - DAY, figures()));
    h.api.beforePage = () => {
      throw new ExporterError('timeout', 'no answer', 'wait');
    };
    await h.poll();
    expect(h.view().polls.up).toBe(false);
    await h.poller.stop();
    await h.restart();
    expect(h.view().polls.up).toBeNull();
  });
});

describe('a sweep that was broken off', () => {
  /** A list of three pages, of which a sweep has read the first one. */
  const broken = async (): Promise<{ h: Harness; tokens: (string | null)[] }> => {
    const h = await Harness.start((x) => {
      for (let i = 0; i < 6; i++) x.api.show('p', `s${i}`, START - DAY + i * SECOND, figures());
      x.api.fake('p').order = 'id';
    });
    const page = h.api.page.bind(h.api);
    h.api.page = async (request, signal) => {
      if (request.token === null) return await page(request, signal);
      await h.worker().stop();
      throw signal.reason;
    };
    await expect(h.poll()).rejects.toThrow('stopped');
    h.api.page = page;
    await h.poller.stop();
    const tokens: (string | null)[] = [];
    h.api.beforePage = ({ token }) => void tokens.push(token);
    return { h, tokens };
  };

  it('is resumed after a restart', async () => {
    const { h, tokens } = await broken();
    await h.restart();
    await h.poll();
    expect(tokens).not.toContain(null);
    expect(h.view().totals.sweeps).toBe(1);
  });

  it('begins anew a day later', async () => {
    const { h, tokens } = await broken();
    h.clock.advance(86_400);
    await h.restart();
    await h.poll();
    expect(tokens[0]).toBeNull();
    expect(h.view().totals.sweeps).toBe(1);
  });

  it('begins anew in a project that returns', async () => {
    const { h, tokens } = await broken();
    await h.restart();
    h.api.addProject('other');
    const p = await h.leave('p');
    h.api.projects.set('p', p);
    await h.discover();
    await h.poll();
    expect(tokens[0]).toBeNull();
  });

  it('begins anew in a single round', async () => {
    const { h, tokens } = await broken();
    await h.restart();
    const failures = await h.poller.round(
      async () => {},
      () => {},
    );
    expect([failures, tokens[0]]).toEqual([[], null]);
  });
});

describe('a single round', () => {
  const round = async (h: Harness): Promise<number | null> => {
    let seen: number | null = null;
    await h.poller.round(
      async () => {
        seen = [...h.views.values()].reduce((sum, view) => sum + view.totals.counters.runs, 0);
      },
      () => {},
    );
    return seen;
  };

  it('shows the zeros of a late project before its first poll', async () => {
    const h = await Harness.start();
    await round(h);
    h.clock.advance(600);
    h.api.addProject('late', { createdAt: h.clock.now() - SECOND });
    h.api.show('late', 's', h.clock.now(), figures());
    expect(await round(h)).toBe(0);
    expect(h.counters('late').runs).toBe(1);
  });

  it('has no zeros to show otherwise', async () => {
    const h = await Harness.start();
    expect(await round(h)).toBeNull();
    expect(await round(h)).toBeNull();
  });
});
