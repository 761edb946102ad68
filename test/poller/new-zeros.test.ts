/** A counter that begins with a new name or new rules is shown at 0 for an interval before anything can raise it. */
import { describe, expect, it } from 'vitest';
import { ExporterError } from '../../src/domain/errors.ts';
import { HOUR, SECOND } from '../../src/domain/time.ts';
import { figures } from '../fakes/fake-api.ts';
import { Harness, RULES, START } from './harness.ts';

const turns = async (): Promise<void> => {
  for (let i = 0; i < 20; i++) await new Promise((resolve) => setImmediate(resolve));
};

/** Only projects of the name `paid` have a price; `p` does not have that name yet. One run is counted, another one is to be. */
async function unpriced(): Promise<Harness> {
  const h = await Harness.start((x) => {
    x.rules = { ...RULES, prices: [{ applies: ({ name }) => name === 'paid', input: 3, output: 15 }] };
    x.api.show('p', 's', START - HOUR, figures());
  });
  await h.poll();
  h.api.show('p', 's', START + 30 * SECOND, figures({ turns: 5 }));
  await h.poll();
  expect(h.counters()).toMatchObject({ runs: 1, costNanoUsd: null });
  h.api.show('p', 's', START + 130 * SECOND, figures({ turns: 6 }));
  return h;
}

/** Lets seconds pass, and what they start run. */
async function after(h: Harness, seconds: number): Promise<void> {
  h.clock.advance(seconds);
  await turns();
}

/** The cost is 0 for so many more seconds, then the waiting run raises it; nothing is polled any more. */
async function expectZeroFor(h: Harness, seconds: number): Promise<void> {
  await after(h, seconds - 1);
  expect(h.counters()).toMatchObject({ runs: 1, costNanoUsd: 0 });
  await after(h, 1);
  expect(h.counters()).toMatchObject({ runs: 2, costNanoUsd: 450_000 });
  await h.poller.stop();
}

async function rename(h: Harness, name: string): Promise<void> {
  const fake = h.api.fake('p');
  fake.project = { ...fake.project, name };
  await h.discover();
}

describe('the cost', () => {
  it('is 0 for an interval after a rename', async () => {
    const h = await unpriced();
    h.worker().start(60_000);
    await turns();
    await rename(h, 'paid');
    expect(h.view()).toMatchObject({ project: { name: 'paid' }, totals: { counters: { costNanoUsd: null } } });
    await after(h, 60);
    expect(h.counters()).toMatchObject({ runs: 1, costNanoUsd: 0 });
    await expectZeroFor(h, 60);
  });

  it('is 0 for an interval after a reload', async () => {
    const h = await unpriced();
    h.rules = RULES;
    await h.restart(await h.poller.stop());
    expect(h.counters()).toMatchObject({ runs: 1, costNanoUsd: 0 });
    h.poller.start();
    await turns();
    await expectZeroFor(h, 60);
  });

  it('is 0 for an interval whatever is reloaded meanwhile', async () => {
    const h = await unpriced();
    h.rules = RULES;
    await h.restart(await h.poller.stop());
    h.poller.start();
    await turns();
    h.clock.advance(30);
    await h.restart(await h.poller.stop());
    h.poller.start();
    await turns();
    await expectZeroFor(h, 30);
  });

  it('of a name that changes nothing delays no poll', async () => {
    const h = await unpriced();
    h.worker().start(60_000);
    await turns();
    await rename(h, 'still unpriced');
    await after(h, 60);
    expect(h.counters()).toMatchObject({ runs: 2, costNanoUsd: null });
    await h.poller.stop();
  });

  it('that cannot be stored yet keeps no run from being counted', async () => {
    const h = await unpriced();
    await rename(h, 'paid');
    const commit = h.store.commit.bind(h.store);
    let refused = 0;
    h.store.commit = async (given) => {
      if (refused++ === 0) throw new ExporterError('state', 'no space left', 'free some');
      await commit(given);
    };
    expect(await h.poll()).toBeNull();
    expect(h.counters()).toMatchObject({ runs: 2, costNanoUsd: null });
    h.api.show('p', 's', h.clock.now(), figures({ turns: 7 }));
    await h.poll();
    expect(h.counters()).toMatchObject({ runs: 3, costNanoUsd: 450_000 });
  });
});

describe('an error class', () => {
  it('that a reload adds is 0 for an interval', async () => {
    const h = await unpriced();
    const quota = { class: 'quota', pattern: /quota/ };
    h.rules = { ...h.rules, errorClasses: [quota, ...h.rules.errorClasses] };
    await h.restart(await h.poller.stop());
    h.poller.start();
    await turns();
    await after(h, 59);
    expect(h.counters()).toMatchObject({ runs: 1, errors: { quota: 0 } });
    await after(h, 1);
    expect(h.counters().runs).toBe(2);
    await h.poller.stop();
  });
});
