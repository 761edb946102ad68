/** The clock of an account: what answers say of the time, and how little of it is believed at once. */
import { describe, expect, it } from 'vitest';
import { DAY, HOUR, MINUTE, type Micros, SECOND } from '../../../src/domain/time.ts';
import { ServerClock } from '../../../src/llamacloud/time/server-clock.ts';
import { EARLIEST } from '../../../src/llamacloud/time/timestamp.ts';
import { OddClock } from '../../fakes/odd-clock.ts';

const NOW = Date.UTC(2026, 4, 1, 12) * 1000;
const YEAR = 365 * DAY;

/** A clock whose wall part starts at `wall`, while the API's own time is NOW. */
class World {
  readonly clock: OddClock;
  readonly server: ServerClock;

  constructor(wall: Micros = NOW) {
    this.clock = new OddClock(wall);
    this.server = new ServerClock(this.clock);
  }

  /** The API's true time. */
  get truth(): Micros {
    return NOW + this.clock.elapsed() * 1000;
  }

  /** An answer a second later whose clock is off by so much. Returns by how much it moved ours. */
  answer(off: Micros): Micros {
    this.clock.advance(1);
    return this.server.note(this.server.reading(this.truth + off, this.clock.elapsed()));
  }

  answers(...offs: readonly Micros[]): readonly Micros[] {
    return offs.map((off) => this.answer(off));
  }

  /** Three answers that decide about the anchor. */
  start(...offs: readonly Micros[]): Micros | null {
    const readings = offs.map((off) => {
      this.clock.advance(1);
      return this.server.reading(this.truth + off, this.clock.elapsed());
    });
    return this.server.anchorBy(readings);
  }

  /** How far our server time is from the truth. */
  get error(): Micros {
    return this.server.now() - this.truth;
  }
}

const times = (n: number, off: Micros): readonly Micros[] => Array<Micros>(n).fill(off);

describe('server time', () => {
  it('runs on the monotonic clock', () => {
    const world = new World();
    world.clock.advance(90.5);
    expect(world.server.now()).toBe(NOW + 90.5 * SECOND);
    expect(world.server.at(1000)).toBe(NOW + SECOND);
  });

  it.each([-3 * DAY, 31 * DAY, YEAR])('does not notice when our clock is set by %i', (by) => {
    const world = new World();
    world.clock.set(NOW + by);
    world.answers(...times(20, 0));
    expect(world.error).toBe(0);
  });

  it('takes small differences for none', () => {
    const world = new World();
    expect(world.answers(...times(10, 2 * MINUTE), ...times(10, -2 * MINUTE))).toEqual(times(20, 0));
    expect(world.error).toBe(0);
  });

  it('is moved by five answers in a row, by the smallest of their differences', () => {
    const ahead = new World();
    const offs = [10 * MINUTE, 5 * MINUTE, 3 * MINUTE, 7 * MINUTE, 4 * MINUTE];
    expect(ahead.answers(...offs)).toEqual([0, 0, 0, 0, 3 * MINUTE]);
    expect(ahead.error).toBe(3 * MINUTE);
    const behind = new World();
    expect(behind.answers(...offs.map((off) => -off)).at(-1)).toBe(-3 * MINUTE);
    expect(behind.error).toBe(-3 * MINUTE);
  });

  it('is moved once, not at every answer that follows', () => {
    const world = new World();
    const moves = world.answers(...times(30, HOUR));
    expect(moves.filter((moved) => moved !== 0)).toEqual([HOUR]);
    expect(world.error).toBe(HOUR);
  });

  it('needs five in a row on one side', () => {
    const world = new World();
    const four = times(4, HOUR);
    world.answers(...four, 0, ...four, -HOUR, ...four, 1 * MINUTE, ...times(4, -HOUR));
    expect(world.error).toBe(0);
  });

  it('stays with one of two nodes five minutes ahead', () => {
    const world = new World();
    for (let n = 0; n < 100; n += 1) world.answers(5 * MINUTE, 0);
    expect(world.error).toBe(0);
  });

  it.each([YEAR, -YEAR, 20 * DAY, -20 * DAY])('stays where a single answer is off by %i', (off) => {
    const world = new World();
    world.answers(0, off, 0, off, 0);
    expect(world.error).toBe(0);
  });

  it('begins within the years that are accepted', () => {
    expect(new ServerClock(new OddClock(0)).now()).toBe(EARLIEST);
    expect(new Date(new ServerClock(new OddClock(NOW + 300 * YEAR)).now() / 1000).getUTCFullYear()).toBe(2199);
  });
});

describe('the anchor at start', () => {
  it.each([
    ['booted in 1970', 12 * SECOND],
    ['31 days ahead', NOW + 31 * DAY],
    ['3 hours ahead', NOW + 3 * HOUR],
    ['3 minutes behind', NOW - 3 * MINUTE],
  ])('is the median of three that agree: our clock %s', (_, wall) => {
    const world = new World(wall);
    expect(world.server.isAnchored).toBe(false);
    expect(world.start(10 * SECOND, -20 * SECOND, SECOND)).not.toBeNull();
    expect(world.error).toBe(SECOND);
    expect(world.server.isAnchored).toBe(true);
  });

  it('agrees within a minute', () => {
    expect(new World(NOW + DAY).start(0, MINUTE, 30 * SECOND)).not.toBeNull();
    expect(new World(NOW + DAY).start(0, MINUTE + 1, 30 * SECOND)).toBeNull();
  });

  it.each([
    ['a cached answer 20 days old', [-20 * DAY, 0, 0]],
    ['one of two nodes ahead', [5 * MINUTE, 0, 5 * MINUTE]],
    ['three that differ', [HOUR, 2 * HOUR, 3 * HOUR]],
  ])('stays our clock with %s', (_, offs) => {
    const world = new World();
    expect(world.start(...offs)).toBeNull();
    expect(world.error).toBe(0);
    expect(world.server.isAnchored).toBe(true);
  });

  it('forgets the answers before it', () => {
    const world = new World(NOW + HOUR);
    world.answers(...times(4, 0));
    world.start(0, 0, 0);
    expect(world.answers(HOUR, ...times(3, 0))).toEqual(times(4, 0));
    expect(world.error).toBe(0);
  });
});
