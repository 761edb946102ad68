/** How long a member may believe in its lease, by the monotonic and the wall clock. */
import { describe, expect, it } from 'vitest';
import { Deadline } from '../../../../src/state/postgres/members/deadline.ts';
import { ManualClock } from '../../../fakes/manual-clock.ts';

const newClock = () => new ManualClock(1_777_000_000_000_000);

describe('a member’s own deadline', () => {
  it('has passed before the first heartbeat', () => {
    expect(new Deadline(newClock(), 8_000).leftMs()).toBe(0);
  });

  it('counts from when the heartbeat was sent', () => {
    const clock = newClock();
    const deadline = new Deadline(clock, 8_000);
    const sent = deadline.moment();
    clock.advance(3);
    deadline.renew(sent);
    expect(deadline.leftMs()).toBe(5_000);
    clock.advance(4.999);
    expect(deadline.leftMs()).toBe(1);
    clock.advance(0.001);
    expect(deadline.leftMs()).toBe(0);
  });

  it('passes while the monotonic clock stands still', () => {
    const clock = newClock();
    const deadline = new Deadline(clock, 8_000);
    deadline.renew(deadline.moment());
    clock.adjust(8);
    expect(deadline.leftMs()).toBe(0);
  });

  it('is not put off by a wall clock that is set back', () => {
    const clock = newClock();
    const deadline = new Deadline(clock, 8_000);
    deadline.renew(deadline.moment());
    clock.adjust(-3_600);
    clock.advance(8);
    expect(deadline.leftMs()).toBe(0);
  });

  it('can be ended', () => {
    const deadline = new Deadline(newClock(), 8_000);
    deadline.renew(deadline.moment());
    deadline.end();
    expect(deadline.leftMs()).toBe(0);
  });
});
