/** Failures of histories are logged once per account and reason, whatever the others do (docs/accounting.md, H7). */
import { describe, expect, it } from 'vitest';
import type { ErrorCode } from '../../src/domain/errors.ts';
import { SECOND } from '../../src/domain/time.ts';
import { refusal, run } from '../fakes/fake-history.ts';
import type { LogLine } from '../fakes/recording-logger.ts';
import { EVERY_RUN, Harness, START } from './harness.ts';

/** Sessions `bad0`, `bad1` ... fail for these reasons; `good` runs every ten minutes and is read without a fault. */
async function day(hours: number, reasons: readonly ErrorCode[]): Promise<Harness> {
  const h = await Harness.start((x) => {
    x.rules = EVERY_RUN;
    x.api.pageSize = 100;
    for (const [i, code] of reasons.entries()) {
      x.api.ran('p', `bad${i}`, START + SECOND + i, run(1), run(2));
      x.api.tell('p', `bad${i}`, { fault: refusal(code) });
    }
  });
  for (let i = 0; i < 6 * hours; i++) {
    h.api.show('p', 'good', h.clock.now(), run(i));
    await h.poll({ after: 300 });
    await h.verify(300);
  }
  return h;
}

const lines = (h: Harness, level: LogLine['level']): readonly LogLine[] =>
  h.logger.at(level).filter(({ fields }) => 'reason' in fields);

describe('H7: one session that always fails among healthy ones', () => {
  it('is said once, and recovers when it is read', async () => {
    const h = await day(5, ['forbidden']);
    expect(h.verification().histories.verified).toBeGreaterThan(20);
    expect(lines(h, 'warn').map(({ fields }) => fields['reason'])).toEqual(['forbidden']);
    expect(lines(h, 'info')).toEqual([]);
    h.api.tell('p', 'bad0', { fault: null });
    await h.verify(3600);
    expect(lines(h, 'info').map(({ message }) => message)).toEqual(['Recovered']);
  });

  it('is said once though it is given up', async () => {
    const h = await day(26, ['forbidden']);
    expect(h.verification()).toMatchObject({ unverified: 0, givenUp: 1 });
    expect(lines(h, 'warn')).toHaveLength(1);
  });

  it('is said once for each reason', async () => {
    const h = await day(5, ['forbidden', 'malformed', 'forbidden']);
    const reasons = lines(h, 'warn').map(({ fields }) => fields['reason']);
    expect(reasons).toHaveLength(2);
    expect(new Set(reasons)).toEqual(new Set(['forbidden', 'malformed']));
  });

  it('is named at debug only', async () => {
    const h = await day(2, ['forbidden']);
    const named = h.logger.lines.filter((line) => JSON.stringify(line).includes('bad0'));
    expect(named.length).toBeGreaterThan(0);
    expect(new Set(named.map(({ level }) => level))).toEqual(new Set(['debug']));
  });
});
