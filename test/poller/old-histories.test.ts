/** Long histories of sessions that are not young: their old runs never count (docs/accounting.md, H2 and H3). */
import { describe, expect, it } from 'vitest';
import type { Figures } from '../../src/domain/session.ts';
import { DAY, SECOND } from '../../src/domain/time.ts';
import { figures, refusal, run } from '../fakes/fake-history.ts';
import { purgeAll } from '../support/purge.ts';
import { EVERY_RUN, Harness, RULES, START } from './harness.ts';

/** Runs of the session from before the start, and the one after it. */
const OLD: readonly Figures[] = Array.from({ length: 300 }, (_, i) =>
  figures({ inputTokens: i, durationMs: 1000 + 10 * i }),
);
const NEW = run(1_000_000);
const T = START + 300 * SECOND;

/** A project with another session, swept twice: what is first shown from now on may be young. */
async function swept(rules = EVERY_RUN, change: (h: Harness) => void = () => {}): Promise<Harness> {
  const h = await Harness.start((x) => {
    x.rules = rules;
    x.api.ran('p', 'other', START - DAY, run(7));
    change(x);
  });
  for (let i = 0; i < 2; i++) await h.poll({ kind: 'full' });
  return h;
}

/** One run after 300 old ones, polled and verified. */
async function ranOnce(h: Harness, at = T): Promise<void> {
  h.api.ran('p', 's', at, ...OLD, NEW);
  await h.poll({ after: 300, kind: 'full' });
  await h.verify();
}

function expectOne(h: Harness): void {
  expect(h.counters()).toMatchObject({ runs: 1, inputTokens: 1_000_000, hiddenRuns: 0 });
  expect(h.verification().unverified).toBe(0);
}

describe('301 stops count as 1', () => {
  it('after a run that was in progress two days before the start', async () => {
    const h = await swept(EVERY_RUN, (x) => {
      x.api.show('p', 's', START - 2 * DAY, null);
    });
    await ranOnce(h);
    expectOne(h);
  });

  it('after a run that was in progress a minute before the start', async () => {
    const h = await swept(EVERY_RUN, (x) => {
      x.api.ran('p', 's', START - 60 * SECOND, ...OLD);
      x.api.show('p', 's', START - 60 * SECOND, null);
    });
    await h.verify();
    expect(h.api.historyRequests).toContain('s');
    await ranOnce(h);
    expectOne(h);
  });

  it('of a session that was malformed at first', async () => {
    const h = await swept(EVERY_RUN, (x) => {
      x.api.fake('p').invalid = [{ reason: 'job_metadata', id: 's' }];
    });
    h.api.fake('p').invalid = [];
    await ranOnce(h);
    expectOne(h);
  });

  it('of a session whose history answers 500 at first', async () => {
    const h = await Harness.start((x) => {
      x.rules = EVERY_RUN;
      x.api.ran('p', 's', START + SECOND, ...OLD, NEW);
      x.api.tell('p', 's', { fault: refusal('server_error') });
    });
    await h.poll();
    await h.verify();
    expect(h.verification()).toMatchObject({ unverified: 1, histories: { failed: 1 } });
    h.api.tell('p', 's', { fault: null });
    await h.verify();
    expectOne(h);
  });

  it('after a switch from last_run while it was in progress', async () => {
    const h = await swept(RULES, (x) => x.api.ran('p', 's', START - DAY, ...OLD));
    h.api.show('p', 's', START + 100 * SECOND, null);
    await h.poll();
    await h.poller.stop();
    h.rules = EVERY_RUN;
    await h.restart();
    await ranOnce(h);
    expectOne(h);
  });

  it('of a session whose tombstone was purged before it returned', async () => {
    const h = await swept(EVERY_RUN, (x) => x.api.ran('p', 's', START - DAY, ...OLD));
    h.api.remove('p', 's');
    for (let i = 0; i < 2; i++) await h.poll({ kind: 'full', after: 700 });
    expect(h.view().totals.tombstones).toBe(1);
    h.pass((31 * DAY) / SECOND);
    await purgeAll(h.store, h.clock.now() - 30 * DAY, h.clock.now());
    for (let i = 0; i < 2; i++) await h.poll({ kind: 'full' });
    await ranOnce(h, h.clock.now());
    expectOne(h);
    expect(h.verification().unreconciled).toBe(1);
  });

  it('of an old session that is first shown with its run', async () => {
    const h = await Harness.start((x) => {
      x.rules = EVERY_RUN;
    });
    await ranOnce(h);
    expectOne(h);
  });
});
