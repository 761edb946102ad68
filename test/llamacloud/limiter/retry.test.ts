/** The retry loop: how often it tries, and how long it waits in between. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ExporterError } from '../../../src/domain/errors.ts';
import { type Attempt, backoffMs, type Failure, withRetries } from '../../../src/llamacloud/limiter/retry.ts';
import { SkippingClock } from '../../fakes/skipping-clock.ts';

const error = new ExporterError('server_error', 'down', '');
const fail = (kind: Failure['kind'], hintMs: number | null = null): Attempt<string> => ({
  failure: { error, kind, hintMs },
});

/** Runs `attempts` in turn, the last one again and again: how it ended, and the waits between. */
async function run(attempts: readonly Attempt<string>[], chance = 0) {
  const clock = new SkippingClock();
  let made = 0;
  const result = await withRetries(
    async () => {
      made += 1;
      return attempts[Math.min(made, attempts.length) - 1] as Attempt<string>;
    },
    new AbortController().signal,
    { clock, chance: () => chance, onRetry: () => {} },
  ).catch((reason: unknown) => reason);
  return { result, made, sleeps: clock.sleeps };
}

describe('the retry loop', () => {
  it('doubles its waits and gives up', async () => {
    expect(await run([fail('failure')])).toEqual({ result: error, made: 5, sleeps: [500, 1000, 2000, 4000] });
  });

  it('takes up to a quarter off by chance', async () => {
    expect((await run([fail('failure')], 0.9999)).sleeps.map(Math.round)).toEqual([375, 750, 1500, 3000]);
  });

  it('asks a final failure no second time', async () => {
    expect(await run([fail('final')])).toEqual({ result: error, made: 1, sleeps: [] });
  });

  it('answers the value that comes at last', async () => {
    expect(await run([fail('failure'), fail('refusal'), { value: 'ok' }])).toMatchObject({ result: 'ok', made: 3 });
  });

  it('repeats a refusal up to ten attempts', async () => {
    const { made, sleeps } = await run([fail('refusal')]);
    expect(made).toBe(10);
    expect(sleeps).toEqual([500, 1000, 2000, 4000, 8000, 8000, 8000, 8000, 8000]);
  });

  it('waits as long as it is asked to', async () => {
    expect((await run([fail('failure', 60_000), fail('failure', 10), { value: 'ok' }])).sleeps).toEqual([60_000, 1000]);
  });

  it('ends at once when the signal aborts', async () => {
    const abort = new AbortController();
    const attempt = async (): Promise<Attempt<string>> => {
      abort.abort(new Error('stopped'));
      return fail('failure');
    };
    const deps = { clock: new SkippingClock(), chance: () => 0, onRetry: (): void => {} };
    await expect(withRetries(attempt, abort.signal, deps)).rejects.toThrow('stopped');
  });

  it('waits from 375 ms to 8 s', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }),
        fc.double({ min: 0, max: 0.999_999, noNaN: true }),
        (retry, chance) => {
          const full = [500, 1000, 2000, 4000][retry - 1] ?? 8000;
          expect(backoffMs(retry, chance)).toBeLessThanOrEqual(full);
          expect(backoffMs(retry, chance)).toBeGreaterThanOrEqual(0.75 * full);
        },
      ),
    );
  });
});
