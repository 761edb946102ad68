/** Sessions per index, switched on and off. */
import { describe, expect, it } from 'vitest';
import { ExporterError } from '../../src/domain/errors.ts';
import { DAY, SECOND } from '../../src/domain/time.ts';
import { figures } from '../fakes/fake-api.ts';
import { Harness, RULES, START } from './harness.ts';

async function six(indexes: boolean): Promise<Harness> {
  return await Harness.start((x) => {
    x.rules = { ...RULES, indexes };
    for (let i = 0; i < 6; i++) x.api.show('p', `s${i}`, START - DAY + i * SECOND, figures());
    x.api.fake('p').order = 'id';
    x.api.fake('p').sessions = x.api.fake('p').sessions.map((s) => ({ ...s, indexIds: ['docs'] }));
  });
}

async function switched(h: Harness, indexes: boolean): Promise<void> {
  await h.poller.stop();
  h.rules = { ...RULES, indexes };
  await h.restart();
}

describe('sessions per index', () => {
  it('are right when switched off and on', async () => {
    const h = await six(true);
    await h.poll({ kind: 'full' });
    expect(h.view().indexes).toEqual([['docs', 6]]);
    await switched(h, false);
    expect(h.view().indexes).toBeNull();
    h.api.remove('p', 's5');
    for (const after of [60, 700]) await h.poll({ kind: 'full', after });
    await switched(h, true);
    expect(h.view().indexes).toBeNull();
    await h.poll({ kind: 'full' });
    expect(h.view().indexes).toEqual([['docs', 5]]);
  });

  it('are refilled by a whole sweep', async () => {
    const h = await six(false);
    await h.poll({ kind: 'full' });
    h.api.beforePage = ({ token }) => {
      h.clock.advance(6);
      if (token?.endsWith('s3')) throw new ExporterError('timeout', 'no answer', 'wait');
    };
    await h.poll({ kind: 'full' });
    h.api.beforePage = () => {};
    await switched(h, true);
    await h.poll({ kind: 'full' });
    expect(h.view().indexes).toEqual([['docs', 6]]);
  });
});
