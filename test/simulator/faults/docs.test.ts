/** docs/simulator.md names every fault, every way to match and every command. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Match } from '../../../src/simulator/faults/match.ts';
import { Fault } from '../../../src/simulator/faults/switchboard.ts';
import { Command } from '../../../src/simulator/world/commands.ts';

const text = readFileSync(new URL('../../../docs/simulator.md', import.meta.url), 'utf8');
const missing = (names: readonly string[]) => names.filter((name) => !text.includes(`\`${name}\``));

describe('the documentation of the simulator', () => {
  it('names every fault with its fields', () => {
    const shapes = Fault.options.flatMap((group) => group.options.map(({ shape }) => shape));
    const fields = shapes.flatMap((shape) => [shape.kind.value, ...Object.keys(shape).filter((key) => key !== 'kind')]);
    expect(fields.length).toBeGreaterThan(60);
    expect(missing(fields)).toEqual([]);
  });

  it('names every way to match', () => {
    expect(missing(Object.keys(Match.shape))).toEqual([]);
  });

  it('names every command with its fields', () => {
    const names = Command.options.flatMap(({ shape }) => [shape.op.value, ...Object.keys(shape)]);
    expect(missing(names.filter((name) => name !== 'op'))).toEqual([]);
  });
});
