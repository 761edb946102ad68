/** Rendezvous hashing shares projects out evenly and moves few of them when members change. */
import { describe, expect, it } from 'vitest';
import { candidate, firstFor } from '../../../../src/state/postgres/members/hashing.ts';

const PROJECTS = Array.from({ length: 10_000 }, (_, no) => {
  const hex = (no * 2_654_435_761).toString(16).padStart(12, '0');
  return `0b7a1f5e-${hex.slice(0, 4)}-4c1d-8a57-${hex}`;
});

const members = (...names: readonly string[]) =>
  names.map((name, no) => candidate({ name, id: `00000000-0000-4000-8000-00000000000${no}` }));

const shares = (candidates: ReturnType<typeof members>): readonly (string | null)[] =>
  PROJECTS.map((project) => firstFor(candidates, project));

const countOf = (all: readonly (string | null)[], id: string | undefined): number =>
  all.filter((owner) => owner === id).length;

describe('rendezvous hashing', () => {
  it('gives nothing without members', () => {
    expect(firstFor([], 'any')).toBeNull();
  });

  it('gives everything to one', () => {
    const alone = members('pod-a');
    expect(countOf(shares(alone), alone[0]?.id)).toBe(10_000);
  });

  it.each([
    ['pods of a stateful set', ['exporter-0', 'exporter-1', 'exporter-2']],
    ['pods of a deployment', ['exporter-6d5f9c7b8-4xk2q', 'exporter-6d5f9c7b8-9zjwm', 'exporter-6d5f9c7b8-hh7cn']],
  ])('shares out evenly among %s', (_, names) => {
    for (const count of [2, 3]) {
      const some = members(...names.slice(0, count));
      for (const { id } of some) {
        const part = countOf(shares(some), id) / 10_000;
        expect(part).toBeGreaterThan(1 / count - 0.03);
        expect(part).toBeLessThan(1 / count + 0.03);
      }
    }
  });

  it('moves only what a newcomer gets', () => {
    const [two, three] = [members('a', 'b'), members('a', 'b', 'c')];
    const [before, after] = [shares(two), shares(three)];
    const moved = PROJECTS.filter((_, no) => before[no] !== after[no]);
    expect(moved.length).toBe(countOf(after, three[2]?.id));
    expect(moved.length).toBeLessThan(3_700);
  });

  it('gives a restarted member its projects back', () => {
    const before = shares([candidate({ id: 'old', name: 'a' }), candidate({ id: 'b', name: 'b' })]);
    const after = shares([candidate({ id: 'new', name: 'a' }), candidate({ id: 'b', name: 'b' })]);
    expect(after).toEqual(before.map((id) => (id === 'old' ? 'new' : id)));
  });

  it('splits between members of one name', () => {
    const before = shares([candidate({ id: 'a1', name: 'a' }), candidate({ id: 'b', name: 'b' })]);
    const twins = [
      candidate({ id: 'a1', name: 'a' }),
      candidate({ id: 'b', name: 'b' }),
      candidate({ id: 'a2', name: 'a' }),
    ];
    const after = shares(twins);
    expect(countOf(after, 'b')).toBe(countOf(before, 'b'));
    expect(countOf(after, 'a2') / countOf(before, 'a1')).toBeGreaterThan(0.45);
    expect(countOf(after, 'a2') / countOf(before, 'a1')).toBeLessThan(0.55);
    expect(shares(twins.toReversed())).toEqual(after);
  });
});
