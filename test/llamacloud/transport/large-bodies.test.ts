/** Large response bodies are buffered one at a time, while small ones never wait. */
import { describe, expect, it } from 'vitest';
import type { BodySink } from '../../../src/llamacloud/transport/body.ts';
import { LargeBodies } from '../../../src/llamacloud/transport/large-bodies.ts';

const MIB = 1024 * 1024;
const chunk = (bytes: number): Buffer => Buffer.alloc(bytes);

function counting(): BodySink<number> & { size: number } {
  const sink = {
    size: 0,
    isCollected: true as const,
    write: (bytes: Buffer) => void (sink.size += bytes.length),
    end: () => sink.size,
  };
  return sink;
}

/** Whether a promise is settled once all that is ready has run. */
async function isSettled(promise: void | Promise<unknown>): Promise<boolean> {
  if (promise === undefined) return true;
  let settled = false;
  void promise.then(() => (settled = true));
  await new Promise((resolve) => setImmediate(resolve));
  return settled;
}

describe('large bodies', () => {
  it('come one at a time, in order', async () => {
    const room = new LargeBodies();
    const [a, b, c] = [counting(), counting(), counting()].map((sink) => room.admit(sink, false));
    expect(await isSettled(a?.write(chunk(5 * MIB)))).toBe(true);
    const second = b?.write(chunk(5 * MIB));
    const third = c?.write(chunk(5 * MIB));
    expect([await isSettled(second), await isSettled(third)]).toEqual([false, false]);
    expect(await a?.end()).toBe(5 * MIB);
    a?.close?.();
    expect([await isSettled(second), await isSettled(third)]).toEqual([true, false]);
    b?.close?.();
    b?.close?.();
    expect(await isSettled(third)).toBe(true);
  });

  it('that are given up while they wait leave the line', async () => {
    const room = new LargeBodies();
    const [a, b, c] = [counting(), counting(), counting()].map((sink) => room.admit(sink, false));
    void a?.write(chunk(5 * MIB));
    const second = b?.write(chunk(5 * MIB));
    const third = c?.write(chunk(5 * MIB));
    b?.close?.();
    a?.close?.();
    expect([await isSettled(second), await isSettled(third)]).toEqual([false, true]);
  });

  it('keep no small one waiting', async () => {
    const room = new LargeBodies();
    const [large, small] = [counting(), counting()].map((sink) => room.admit(sink, false));
    void large?.write(chunk(5 * MIB));
    expect(await isSettled(small?.write(chunk(MIB)))).toBe(true);
    expect(await small?.end()).toBe(MIB);
  });

  it('are known by their size before they are unpacked', async () => {
    const room = new LargeBodies();
    const [large, packed] = [room.admit(counting(), false), room.admit(counting(), true)];
    void large.write(chunk(5 * MIB));
    void packed.write(chunk(MIB));
    const value = Promise.resolve(packed.end());
    expect(await isSettled(value)).toBe(false);
    large.close?.();
    expect(await value).toBe(MIB);
  });
});
