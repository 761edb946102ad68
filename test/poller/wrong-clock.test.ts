/** Our own clock is wrong, or adjusted while the process runs: schedules, staleness, purges and warnings do not follow it. */
import { describe, expect, it } from 'vitest';
import { ExporterError } from '../../src/domain/errors.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../src/domain/time.ts';
import { figures } from '../fakes/fake-api.ts';
import { Harness, nextTurn, START } from './harness.ts';

const YEARS = (50 * 365 * DAY) / SECOND;

/** A project that is polled by head polls. The API's clock stays right whatever ours does. */
async function settled(): Promise<Harness> {
  const h = await Harness.start((x) => {
    for (let i = 0; i < 6; i++) x.api.show('p', `s${i}`, START - HOUR + i * SECOND, figures());
  });
  for (let i = 0; i < 2; i++) await h.poll({ kind: 'full' });
  expect(h.worker().nextKind()).toBe('head');
  return h;
}

/** Our clock is adjusted; the API's is not. */
function adjust(h: Harness, seconds: number): void {
  h.clock.adjust(seconds);
  h.api.skew -= Math.round(seconds * SECOND);
}

describe('a start in 1970', () => {
  it('sweeps when the next sweep is due, not a day later', async () => {
    const h = await settled();
    await h.poller.stop();
    adjust(h, -YEARS);
    await h.restart();
    expect(h.worker().nextKind()).toBe('head');
    h.clock.advance(30 * 60);
    expect(h.worker().nextKind()).toBe('full');
  });

  it('shows the gauges for as long as after any other start', async () => {
    const h = await settled();
    await h.poller.stop();
    adjust(h, -YEARS);
    await h.restart();
    expect(h.view().freshUntil).toBe(h.clock.now() + HOUR);
  });

  it('is told to those who compare times of the server', async () => {
    const h = await settled();
    h.api.skew = -HOUR;
    await h.poll();
    expect(h.view().clockAhead).toBe(HOUR);
  });

  it('keeps what a reload deselects for its retention', async () => {
    const h = await settled();
    adjust(h, -YEARS);
    h.selects = () => false;
    await h.restart(await h.poller.stop());
    const [stored] = (await h.store.restore()).projects;
    expect(stored?.leftAt).toBeGreaterThanOrEqual(START);
  });
});

describe('a clock that is a month ahead', () => {
  const departed = async (): Promise<Harness> => {
    const h = await Harness.start((x) => x.api.addProject('q'));
    await h.leave('q');
    await h.poller.stop();
    adjust(h, (31 * DAY) / SECOND);
    return h;
  };
  const known = async (h: Harness): Promise<readonly string[]> =>
    (await h.store.restore()).projects.map(({ project }) => project.id);
  const maintenance = async (h: Harness): Promise<void> => {
    h.poller.start();
    for (let i = 0; i < 20; i++) await nextTurn();
    await h.poller.stop();
  };

  it('purges no departed project', async () => {
    const h = await departed();
    await h.restart();
    await maintenance(h);
    expect(await known(h)).toEqual(['p', 'q']);
  });

  it('purges nothing before a discovery, and what is old after it', async () => {
    const h = await departed();
    h.clock.advance((31 * DAY) / SECOND);
    h.api.beforeDiscovery = () => {
      throw new ExporterError('connection', 'no answer', 'wait');
    };
    await h.restart();
    await maintenance(h);
    expect(await known(h)).toEqual(['p', 'q']);
    h.api.beforeDiscovery = () => {};
    await h.restart();
    await maintenance(h);
    expect(await known(h)).toEqual(['p']);
  });
});

describe('a clock that is adjusted meanwhile', () => {
  it.each([3, -3])('by %i hours moves no withdrawal', async (hours) => {
    const h = await settled();
    h.api.beforePage = () => {
      throw new ExporterError('timeout', 'no answer', 'wait');
    };
    adjust(h, hours * 3600);
    await h.poll({ after: 10 * 60 });
    expect(h.view().freshUntil).toBe(h.clock.now() + 50 * MINUTE);
  });

  it('backward silences no warning', async () => {
    const h = await settled();
    h.api.beforePage = () => {
      throw new ExporterError('timeout', 'no answer', 'wait');
    };
    await h.poll();
    h.api.beforePage = () => {};
    await h.poll();
    adjust(h, -86_400);
    h.api.beforePage = () => {
      throw new ExporterError('timeout', 'no answer', 'wait');
    };
    await h.poll({ after: 601 });
    expect(h.logger.at('warn').filter(({ fields }) => fields['reason'] === 'timeout')).toHaveLength(2);
  });
});
