/** What a state that fails for a while costs: nothing is lost, and what is shown says so. */
import { describe, expect, it } from 'vitest';
import { ExporterError } from '../../src/domain/errors.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../src/domain/time.ts';
import { figures, refusal, run } from '../fakes/fake-history.ts';
import { EVERY_RUN, Harness, START } from './harness.ts';

const T = START + 100 * SECOND;
const full = (): Promise<never> => Promise.reject(new ExporterError('state', 'disk full', 'make room'));

/** So many sessions from before the start, swept once. */
async function swept(sessions: number, change: (h: Harness) => void = () => {}): Promise<Harness> {
  const h = await Harness.start((x) => {
    for (let i = 0; i < sessions; i++)
      x.api.show('p', `s${i}`, START - DAY + i * SECOND, figures({ durationMs: 1000 + i }));
    change(x);
  });
  await h.poll({ kind: 'full' });
  return h;
}

async function withFullDisk(h: Harness, work: () => Promise<void>): Promise<void> {
  const commit = h.store.commit.bind(h.store);
  h.store.commit = full;
  await work();
  h.store.commit = commit;
}

function failPages(h: Harness): void {
  h.api.beforePage = () => {
    throw refusal('timeout');
  };
}

describe('a failed poll is published', () => {
  it('although activity cannot be read', async () => {
    const h = await swept(2);
    failPages(h);
    h.store.activity = full;
    await h.poll();
    expect(h.view().polls).toMatchObject({ up: false, failures: { timeout: 1 } });
  });

  it('although the longest duration is lost and cannot be found again', async () => {
    const h = await swept(2);
    h.store.slice = full;
    h.api.show('p', 's1', T, figures({ durationMs: 1 }));
    await h.poll({ after: 120 });
    expect(h.counters().runs).toBe(1);
    expect(h.logger.at('error').map(({ message }) => message)).toContainEqual(expect.stringContaining('Publication'));
    failPages(h);
    await h.poll();
    expect(h.view().polls).toMatchObject({ up: false, failures: { timeout: 1 } });
  });
});

describe('gauges go stale while commits fail', () => {
  it.each([
    ['with a page that shows a change', true],
    ['with a page that shows none', false],
  ])('%s', async (_, changes) => {
    const h = await swept(2);
    const commit = h.store.commit.bind(h.store);
    h.store.commit = full;
    if (changes) h.api.show('p', 's0', T, figures({ inputTokens: 7 }));
    await h.poll({ after: 120 });
    const fresh = h.view().freshUntil ?? 0;
    for (let i = 0; i < 61; i++) await h.poll();
    expect(h.view().freshUntil).toBe(fresh);
    expect(h.clock.now()).toBeGreaterThan(fresh);
    h.store.commit = commit;
    await h.poll();
    expect(h.view().freshUntil).toBe(h.clock.now() + 60 * MINUTE);
    expect(h.counters().runs).toBe(changes ? 1 : 0);
  });
});

describe('pages of a sweep that are lost with the commit of something else', () => {
  /** Ten sessions are known, nine appear. After some pages that are not committed yet a history is settled, and its commit fails. */
  async function losing(order: 'id' | 'newest'): Promise<Harness> {
    const h = await swept(10, (x) => {
      x.rules = EVERY_RUN;
      x.api.fake('p').order = order;
    });
    h.api.ran('p', 's9', T, figures({ durationMs: 1009 }), run(9));
    await h.poll({ kind: 'full', after: 120 });
    for (let i = 0; i < 9; i++) h.api.show('p', `n${i}`, START - HOUR + i * SECOND, run(1));
    const { recorder } = h.worker().ctx;
    const page = recorder.page.bind(recorder);
    let pages = 0;
    recorder.page = async (when, work) => {
      const result = await page(when, work);
      if (when === 'batched' && ++pages === 3) await withFullDisk(h, () => h.round());
      return result;
    };
    return h;
  }

  it('are read again by a new sweep', async () => {
    const h = await losing('id');
    expect((await h.poll({ kind: 'full', after: 300 }))?.code).toBe('state');
    expect(await h.poll({ kind: 'full' })).toBeNull();
    expect(h.gauges()).toMatchObject({ ok: 19, inputTokens: 900 + 9 + 9 });
  });

  it('are read again where the next page fails too', async () => {
    const h = await losing('newest');
    let pages = 0;
    h.api.beforePage = ({ priority }) => {
      if (priority === 'sweep' && ++pages === 5) throw refusal('timeout');
    };
    expect(await h.poll({ kind: 'full', after: 300 })).not.toBeNull();
    expect(await h.poll({ kind: 'full' })).toBeNull();
    expect(h.gauges()).toMatchObject({ ok: 19, inputTokens: 900 + 9 + 9 });
  });
});
