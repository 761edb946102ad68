/** How long a member may believe in its lease, by the monotonic and the wall clock. */
import { describe, expect, it } from 'vitest';
import { Deadline } from '../../../../src/state/postgres/members/deadline.ts';

/** A clock whose two hands are set by hand. */
class Hands {
  elapsedMs = 5_000;
  wallMs = 1_777_000_000_000;

  elapsed(): number {
    return this.elapsedMs;
  }

  now(): number {
    return this.wallMs * 1_000;
  }

  async sleep(): Promise<void> {}
}

describe('a member’s own deadline', () => {
  it('has passed before the first heartbeat', () => {
    expect(new Deadline(new Hands(), 8_000).leftMs()).toBe(0);
  });

  it('counts from when the heartbeat was sent', () => {
    const clock = new Hands();
    const deadline = new Deadline(clock, 8_000);
    const sent = deadline.moment();
    clock.elapsedMs += 3_000;
    deadline.renew(sent);
    expect(deadline.leftMs()).toBe(5_000);
    clock.elapsedMs += 4_999;
    expect(deadline.leftMs()).toBe(1);
    clock.elapsedMs += 1;
    expect(deadline.leftMs()).toBe(0);
  });

  it('passes while the monotonic clock stands still', () => {
    const clock = new Hands();
    const deadline = new Deadline(clock, 8_000);
    deadline.renew(deadline.moment());
    clock.wallMs += 8_000;
    expect(deadline.leftMs()).toBe(0);
  });

  it('is not put off by a wall clock that is set back', () => {
    const clock = new Hands();
    const deadline = new Deadline(clock, 8_000);
    deadline.renew(deadline.moment());
    clock.wallMs -= 3_600_000;
    clock.elapsedMs += 8_000;
    expect(deadline.leftMs()).toBe(0);
  });

  it('can be ended', () => {
    const deadline = new Deadline(new Hands(), 8_000);
    deadline.renew(deadline.moment());
    deadline.end();
    expect(deadline.leftMs()).toBe(0);
  });
});
