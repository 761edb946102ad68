/** Callers share a round of work, but only one that began after they asked. */
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { SharedRounds } from '../../../../src/state/postgres/refresh/shared-rounds.ts';

/** Rounds whose ends are called for by hand. */
class Work {
  begun = 0;
  running = 0;
  most = 0;
  readonly #ends: PromiseWithResolvers<number>[] = [];

  readonly round = async (): Promise<number> => {
    this.begun += 1;
    this.running += 1;
    this.most = Math.max(this.most, this.running);
    const end = Promise.withResolvers<number>();
    this.#ends.push(end);
    try {
      return await end.promise;
    } finally {
      this.running -= 1;
    }
  };

  async end(error?: Error): Promise<void> {
    const end = this.#ends.shift();
    if (error === undefined) end?.resolve(this.begun);
    else end?.reject(error);
    await setImmediate();
  }
}

describe('shared rounds', () => {
  it('let a caller wait for a round that began after the call', async () => {
    const work = new Work();
    const rounds = new SharedRounds(work.round);
    const first = rounds.join();
    const [second, third] = [rounds.join(), rounds.join()];
    expect(work.begun).toBe(1);
    await work.end();
    expect(await first).toBe(1);
    expect(work.begun).toBe(2);
    const fourth = rounds.join();
    await work.end();
    expect(await Promise.all([second, third])).toEqual([2, 2]);
    await work.end();
    expect(await fourth).toBe(3);
    expect(work.most).toBe(1);
  });

  it('begin anew after a failure', async () => {
    const work = new Work();
    const rounds = new SharedRounds(work.round);
    const first = rounds.join();
    const second = rounds.join();
    const outcome = first.catch((error: unknown) => error);
    await work.end(new Error('no'));
    expect(await outcome).toBeInstanceOf(Error);
    await work.end();
    expect(await second).toBe(2);
    const later = rounds.join();
    await work.end();
    expect(await later).toBe(3);
  });
});
