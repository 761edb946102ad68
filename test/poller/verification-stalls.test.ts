/** What must not keep other sessions from being verified: failing sessions beside them, and a state that cannot be read once. */
import { describe, expect, it } from 'vitest';
import { ExporterError } from '../../src/domain/errors.ts';
import { DAY } from '../../src/domain/time.ts';
import { refusal, run } from '../fakes/fake-history.ts';
import { EVERY_RUN, Harness, START } from './harness.ts';

const BAD = Array.from({ length: 30 }, (_, i) => `bad${i}`);

/** The good session, and bad ones; all of them ran once before the start. */
async function begun(): Promise<Harness> {
  const h = await Harness.start((x) => {
    x.rules = EVERY_RUN;
    x.api.pageSize = 1000;
    for (const [i, name] of ['good', ...BAD].entries()) x.api.ran('p', name, START - DAY + i, run(1));
  });
  await h.poll();
  return h;
}

/** The sessions run twice more between two polls, in their order. */
async function ranTwice(h: Harness, names: readonly string[]): Promise<void> {
  for (const [i, name] of names.entries()) h.api.ran('p', name, h.clock.now() + i, run(1), run(2), run(4));
  await h.poll();
}

/** Looks for due histories every half minute. */
async function verifyFor(h: Harness, seconds: number): Promise<void> {
  for (let at = 0; at < seconds; at += 30) await h.verify(30);
}

const verified = (h: Harness): number => h.verification().histories.verified;

describe('a session whose history can be read is verified', () => {
  it('beside many that are gone', async () => {
    const h = await begun();
    for (const name of BAD) h.api.tell('p', name, { fault: refusal('not_found') });
    await ranTwice(h, ['good', ...BAD]);
    await h.verify();
    expect(verified(h)).toBe(1);
  });

  it('at the next attempt of an account of which many others have failed', async () => {
    const h = await begun();
    for (const name of BAD) h.api.tell('p', name, { fault: refusal('forbidden') });
    await ranTwice(h, BAD);
    await verifyFor(h, 3600);
    await ranTwice(h, ['good']);
    await verifyFor(h, 3600);
    expect(verified(h)).toBe(1);
  });

  it('beside some that change at each poll and whose histories hang', async () => {
    const h = await begun();
    const busy = BAD.slice(0, 3);
    for (const name of busy) h.api.tell('p', name, { fault: refusal('timeout') });
    h.api.beforeHistory = ({ sessionId }) => {
      if (sessionId !== 'good') h.pass(30);
    };
    for (let n = 0; n < 60; n++) {
      for (const [i, name] of busy.entries()) h.api.show('p', name, h.clock.now() + i, run(2 + n));
      if (n === 40) h.api.ran('p', 'good', h.clock.now(), run(1), run(2), run(4));
      await h.poll({ after: 10 });
      await h.round();
    }
    expect(verified(h)).toBe(1);
  });
});

describe('a state that cannot be read once', () => {
  it('does not end the verification of a quiet project', async () => {
    const h = await begun();
    await ranTwice(h, ['good']);
    const dueRows = h.store.dueRows.bind(h.store);
    h.store.dueRows = () => Promise.reject(new ExporterError('state', 'disk I/O error', 'look at the disk'));
    await h.verify();
    h.store.dueRows = dueRows;
    await h.verify();
    expect(verified(h)).toBe(1);
  });
});
