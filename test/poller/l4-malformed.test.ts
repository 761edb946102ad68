/** Malformed items are dropped and counted, and affect nothing else (docs/accounting.md, L4). */
import { describe, expect, it } from 'vitest';
import { ExporterError } from '../../src/domain/errors.ts';
import { DAY, SECOND } from '../../src/domain/time.ts';
import { figures } from '../fakes/fake-api.ts';
import { Harness, START } from './harness.ts';

describe('L4: malformed items', () => {
  it('drops and counts one bad item', async () => {
    const h = await Harness.start((x) => {
      x.api.show('p', 'a', START + SECOND, figures());
      x.api.fake('p').invalid = [{ reason: 'last_updated_at', id: 'bad' }];
    });
    expect(await h.poll()).toBeNull();
    expect(h.counters().runs).toBe(1);
    expect(h.view().polls.invalid).toMatchObject({ last_updated_at: 1, job_metadata: 0 });
  });

  it('keeps committed pages when a later page fails', async () => {
    const h = await Harness.start((x) => {
      for (let i = 0; i < 6; i++) x.api.show('p', `s${i}`, START + i * SECOND, figures());
    });
    h.api.beforePage = (_, nth) => {
      if (nth === 3) throw new ExporterError('malformed', 'more than half of the items are malformed', 'none');
    };
    expect((await h.poll({ kind: 'full' }))?.code).toBe('malformed');
    expect(h.counters().runs).toBe(4);
    expect(h.view().polls.failures.malformed).toBe(1);
    expect(await h.poll({ kind: 'full' })).toBeNull();
    expect(h.counters().runs).toBe(6);
  });

  it('adds nothing for a null', async () => {
    const h = await Harness.start((x) => x.api.show('p', 'old', START - DAY, figures()));
    await h.poll();
    h.api.show('p', 'a', START + 100 * SECOND, figures({ inputTokens: null, turns: null, durationMs: null }));
    await h.poll({ after: 120 });
    expect(h.counters()).toMatchObject({ runs: 1, withoutUsage: 1, inputTokens: 0, outputTokens: 10, turns: 0 });
    expect(h.counters().duration.sum).toBe(0);
    expect(h.counters().outputTokensPerRun.sum).toBe(0);
  });

  it('leaves failed runs out of token histograms', async () => {
    const h = await Harness.start();
    await h.poll();
    h.api.show('p', 'a', START + 100 * SECOND, figures({ isError: true, errorHash: 'x' }), 'Rate limit reached');
    await h.poll({ after: 120 });
    expect(h.counters()).toMatchObject({ runs: 1, inputTokens: 100, errors: { rate_limited: 1 } });
    expect(h.counters().inputTokensPerRun.sum).toBe(0);
  });
});
