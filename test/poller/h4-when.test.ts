/** When histories are read, and how much of the account they may take (docs/accounting.md, H4). */
import { describe, expect, it } from 'vitest';
import type { Figures } from '../../src/domain/session.ts';
import { DAY, HOUR, SECOND } from '../../src/domain/time.ts';
import { run } from '../fakes/fake-history.ts';
import { EVERY_RUN, Harness, nextTurn, START } from './harness.ts';

/** So many old sessions in project `p`, swept once and at rest. */
async function begun(sessions = 1, change: (h: Harness) => void = () => {}): Promise<Harness> {
  const h = await Harness.start((x) => {
    x.rules = EVERY_RUN;
    x.api.pageSize = 1000;
    for (let i = 0; i < sessions; i++) x.api.ran('p', `s${i}`, START - DAY + i * SECOND, run(1));
    change(x);
  });
  await h.poll();
  return h;
}

/** All sessions run once, just now, in the order of their numbers. */
function runAll(h: Harness, sessions: number, id = 'p'): void {
  for (let i = 0; i < sessions; i++) h.api.ran(id, `s${i}`, h.clock.now() + i, run(1), run(2));
}

describe('H4: a history is due', () => {
  it('once for a burst of ten runs', async () => {
    const h = await begun();
    const runs: Figures[] = [run(1)];
    for (let i = 0; i < 10; i++) {
      runs.push(run(10 + i));
      h.api.ran('p', 's0', h.clock.now(), ...runs);
      await h.poll({ after: 25 });
      await h.round();
    }
    expect(h.api.historyRequests).toEqual([]);
    await h.verify();
    expect(h.api.historyRequests).toEqual(['s0']);
    expect(h.counters().runs).toBe(10);
  });

  it('one interval after the last change, not before', async () => {
    const h = await begun();
    runAll(h, 1);
    await h.poll();
    await h.verify(59.999);
    expect(h.api.historyRequests).toEqual([]);
    await h.verify(0.001);
    expect(h.api.historyRequests).toEqual(['s0']);
  });

  it('soon where the server clock was set back by half a day meanwhile', async () => {
    const h = await begun();
    runAll(h, 1);
    await h.poll();
    h.api.skew -= 12 * HOUR;
    await h.verify();
    expect(h.api.historyRequests).toEqual(['s0']);
  });

  it('after an interval of six hours, not sooner', async () => {
    const h = await begun(1, (x) => {
      x.timing = { ...x.timing, poll: 6 * HOUR };
    });
    runAll(h, 1);
    await h.poll();
    await h.verify((5 * HOUR) / SECOND);
    expect(h.api.historyRequests).toEqual([]);
    await h.verify(HOUR / SECOND);
    expect(h.api.historyRequests).toEqual(['s0']);
  });

  it('after five minutes of a session that never rests', async () => {
    const h = await begun();
    const first = h.clock.now() + 30 * SECOND;
    for (let i = 0; h.api.historyRequests.length === 0; i++) {
      h.api.ran('p', 's0', h.clock.now(), run(1), ...Array.from({ length: i + 1 }, (_, n) => run(n)));
      await h.poll({ after: 30 });
      await h.round();
    }
    expect(h.clock.now()).toBe(first + 300 * SECOND);
    expect(h.counters().runs).toBe(11);
  });

  it('never with last_run', async () => {
    const h = await begun(1, (x) => {
      x.rules = { ...EVERY_RUN, accounting: 'last_run' };
    });
    runAll(h, 1);
    await h.poll();
    await h.verify(DAY / SECOND);
    expect(h.api.historyRequests).toEqual([]);
    expect(h.verification().unverified).toBe(0);
  });
});

describe('H4: the order', () => {
  it('is that of the longest wait within a project', async () => {
    const h = await begun(3, (x) => {
      x.limits = { concurrency: 1 };
    });
    for (const i of [2, 0, 1]) {
      h.api.ran('p', `s${i}`, h.clock.now(), run(1), run(2));
      await h.poll({ after: 10 });
    }
    await h.verify();
    expect(h.api.historyRequests).toEqual(['s2', 's0', 's1']);
  });

  it('takes projects in turn', async () => {
    const h = await begun(3, (x) => {
      x.limits = { concurrency: 1 };
      x.api.addProject('q');
      for (let i = 0; i < 3; i++) x.api.ran('q', `s${i}`, START - DAY + i * SECOND, run(1));
    });
    await h.poll({ id: 'q' });
    const asked: string[] = [];
    h.api.beforeHistory = ({ projectId }) => void asked.push(projectId);
    for (const id of ['p', 'q']) {
      runAll(h, 3, id);
      await h.poll({ id });
    }
    await h.verify();
    expect(asked).toEqual(['p', 'q', 'p', 'q', 'p', 'q']);
  });
});

describe('H4: the limits', () => {
  it.each([
    [1, 1],
    [2, 1],
    [4, 2],
    [10, 5],
  ])('with a concurrency of %d are %d histories on their way', async (concurrency, most) => {
    const h = await begun(20, (x) => {
      x.limits = { concurrency };
    });
    h.api.beforeHistory = nextTurn;
    runAll(h, 20);
    await h.poll();
    await h.verify();
    expect(h.api.historyRequests).toHaveLength(20);
    expect(h.api.mostInFlight).toBe(most);
  });

  it('end reading once a minute of megabytes is read', async () => {
    const h = await begun(5, (x) => {
      x.limits = { historyMegabytesPerMinute: 10, concurrency: 1 };
    });
    runAll(h, 5);
    for (let i = 0; i < 5; i++) h.api.tell('p', `s${i}`, { bytes: 6_000_000 });
    await h.poll();
    await h.verify();
    expect(h.api.historyRequests).toHaveLength(2);
    await h.verify(6);
    expect(h.api.historyRequests).toHaveLength(2);
    await h.verify(7);
    expect(h.api.historyRequests).toHaveLength(3);
  });

  it('let a large session rest until a tenth of the rate has carried it, and others pass', async () => {
    const h = await begun(2, (x) => {
      x.limits = { historyMegabytesPerMinute: 10 };
    });
    h.api.tell('p', 's0', { bytes: 3_000_000 });
    for (let minutes = 1; minutes <= 3; minutes++) {
      runAll(h, 2);
      await h.poll();
      await h.verify();
    }
    expect(h.api.historyRequests.filter((id) => id === 's0')).toHaveLength(2);
    expect(h.api.historyRequests.filter((id) => id === 's1')).toHaveLength(3);
  });

  it('are off at 0', async () => {
    const h = await begun(5, (x) => {
      x.limits = { historyMegabytesPerMinute: 0 };
    });
    runAll(h, 5);
    for (let i = 0; i < 5; i++) h.api.tell('p', `s${i}`, { bytes: 1e9 });
    await h.poll();
    await h.verify();
    expect(h.api.historyRequests).toHaveLength(5);
  });
});
