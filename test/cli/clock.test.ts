/** The system clock: what it counts, how long it sleeps, and that a signal wakes it. */
import { describe, expect, test } from 'vitest';

import { systemClock } from '../../src/clock.ts';

describe('the system clock', () => {
  test('counts microseconds since 1970', () => {
    const before = Date.now();
    const now = systemClock.now();
    expect(Number.isInteger(now)).toBe(true);
    expect(now / 1000).toBeGreaterThanOrEqual(before);
    expect(now / 1000).toBeLessThanOrEqual(Date.now());
  });

  test('sleeps at least as long as asked', async () => {
    const before = systemClock.elapsed();
    await systemClock.sleep(30, new AbortController().signal);
    expect(systemClock.elapsed() - before).toBeGreaterThanOrEqual(29);
  });

  test('wakes with the reason of the signal', async () => {
    const reason = new Error('enough');
    const controller = new AbortController();
    const sleeping = systemClock.sleep(60_000, controller.signal);
    controller.abort(reason);
    await expect(sleeping).rejects.toBe(reason);
    await expect(systemClock.sleep(1, controller.signal)).rejects.toBe(reason);
  });

  test('takes waits that no timer can', async () => {
    const controller = new AbortController();
    const sleeping = systemClock.sleep(2 ** 40, controller.signal);
    const first = await Promise.race([
      sleeping.then(() => 'woke'),
      systemClock.sleep(50, new AbortController().signal).then(() => 'asleep'),
    ]);
    controller.abort(new Error('enough'));
    await expect(sleeping).rejects.toThrow('enough');
    expect(first).toBe('asleep');
  });
});
