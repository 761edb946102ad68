/** What each poll publishes, whether it succeeds or fails. */
import { describe, expect, it } from 'vitest';
import { ExporterError } from '../../src/domain/errors.ts';
import { DAY, MINUTE, SECOND } from '../../src/domain/time.ts';
import { figures } from '../fakes/fake-api.ts';
import { Harness, START } from './harness.ts';

describe('what is published after a poll', () => {
  it('publishes after an unchanged poll', async () => {
    const h = await Harness.start((x) => x.api.show('p', 'a', START - 4 * MINUTE, figures()));
    await h.poll({ after: 1 });
    expect(h.view().activity).toEqual({ m5: 1, h1: 1, h24: 1 });
    await h.poll({ after: 120 });
    expect(h.view().activity).toEqual({ m5: 0, h1: 1, h24: 1 });
    expect(h.view().polls.gapSeconds).toBe(120);
  });

  it('publishes after a failed poll', async () => {
    const h = await Harness.start();
    await h.poll();
    h.api.beforePage = () => {
      throw new ExporterError('timeout', 'no answer', 'wait');
    };
    await h.poll();
    expect(h.view().polls).toMatchObject({ up: false, failures: { timeout: 1 } });
    h.api.beforePage = () => {};
    await h.poll();
    expect(h.view().polls.up).toBe(true);
  });

  it('renews freshness with each page', async () => {
    const h = await Harness.start((x) => {
      for (let i = 0; i < 4; i++) x.api.show('p', `s${i}`, START - DAY + i, figures());
    });
    await h.poll();
    h.api.beforePage = (request) => {
      if (request.token !== null) throw new ExporterError('timeout', 'no answer', 'wait');
    };
    await h.poll({ kind: 'full', after: 600 });
    expect(h.view().freshUntil).toBe(h.clock.now() + 60 * MINUTE);
  });

  it('sees a head poll during a sweep', async () => {
    const h = await Harness.start((x) => {
      for (let i = 0; i < 6; i++) x.api.show('p', `s${i}`, START - DAY + i * SECOND, figures());
    });
    for (let i = 0; i < 2; i++) await h.poll({ kind: 'full' });
    expect(h.worker().nextKind()).toBe('head');
    let seen = -1;
    h.api.beforePage = (request) => {
      if (request.priority === 'sweep' && request.token !== null && seen < 0) {
        h.api.show('p', 'live', h.api.serverTime(), figures());
        h.clock.advance(120);
        seen = 0;
      } else if (request.priority === 'sweep' && seen === 0) seen = h.counters().runs;
    };
    await h.poll({ kind: 'full', after: 1900 });
    expect(seen).toBe(1);
    expect(h.counters().runs).toBe(1);
  });

  it('claims nothing of what happened behind a sweep', async () => {
    const h = await Harness.start((x) => {
      x.api.fake('p').order = 'id';
      for (let i = 0; i < 4; i++) x.api.show('p', `s${i}`, START - DAY + i, figures());
    });
    h.api.beforePage = (request) => {
      if (request.token === null) return;
      h.clock.advance(600);
      h.api.show('p', 's0', h.clock.now() - MINUTE, figures({ turns: 9 }));
    };
    await h.poll({ after: 1 });
    expect(h.counters().runs).toBe(0);
    const { seenUpTo, polls } = h.view();
    expect({ seenUpTo, lastSuccess: polls.lastSuccess }).toEqual({
      seenUpTo: START + SECOND,
      lastSuccess: START + 601 * SECOND,
    });
  });
});
