/** The accounting of one session, in thousands of random schedules from fixed seeds (docs/accounting.md, Principles). */
import { beforeAll, describe, expect, it } from 'vitest';
import { explain, playBatch, unexpected } from './batch.ts';
import { SETTING_NAMES } from './settings.ts';

const FIRST_SEED = 1;
const SEEDS = 750;

beforeAll(() => {
  const last = FIRST_SEED + SEEDS - 1;
  process.stdout.write(
    `model of one session: seeds ${FIRST_SEED} to ${last} in each of ${SETTING_NAMES.length} settings\n`,
  );
});

describe('one session', () => {
  it.each(SETTING_NAMES)('is counted within the rules: %s', (name) => {
    const tally = playBatch(name, FIRST_SEED, SEEDS);
    const found = unexpected(name, tally);
    const told = found.map(({ kind, seed }) =>
      [`${kind}, seed ${seed}`, ...explain(name, seed, kind).trace].join('\n'),
    );
    expect(told.join('\n\n')).toBe('');
  });
});
