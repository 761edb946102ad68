/** Failures are logged once while they last. */
import { describe, expect, it } from 'vitest';
import { ExporterError } from '../../src/domain/errors.ts';
import { figures } from '../fakes/fake-api.ts';
import { Harness, START } from './harness.ts';

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const refuse = (): Promise<never> => Promise.reject(new ExporterError('state', 'no space left', 'free some'));

describe('the failure log', () => {
  it('a project that left silences nobody', async () => {
    const h = await Harness.start((x) => x.api.addProject('other'));
    const timeout = new ExporterError('timeout', 'no answer', 'wait');
    h.api.beforePage = () => {
      throw timeout;
    };
    await h.poll();
    h.api.projects.delete('p');
    for (let i = 0; i < 2; i++) await h.discover();
    await h.poll({ id: 'other', after: 1200 });
    expect(h.logger.at('warn').filter(({ fields }) => fields['reason'] === 'timeout')).toHaveLength(2);
  });

  it('says once that upkeep fails', async () => {
    const h = await Harness.start((x) => x.api.show('p', 's', START, figures()));
    h.store.size = refuse;
    h.poller.start();
    for (let i = 0; i < 6; i++) {
      h.clock.advance(10);
      await nextTurn();
    }
    expect(h.logger.at('warn').map(({ message }) => message)).toEqual([expect.stringContaining('Upkeep of the state')]);
    await h.poller.stop();
  });

  it('stops although the cursors cannot be saved', async () => {
    const h = await Harness.start((x) => x.api.show('p', 's', START, figures()));
    await h.poll();
    h.store.saveProgress = refuse;
    const stats = await h.poller.stop();
    expect(stats.get('p')?.stats.polls.full.success).toBe(1);
  });

  it('says a failure that came back for good', async () => {
    const h = await Harness.start((x) => x.api.show('p', 's', START, figures()));
    const fails = (): void => {
      h.api.beforePage = () => {
        throw new ExporterError('malformed', 'no JSON', 'wait');
      };
    };
    const said = (): readonly string[] => h.logger.lines.filter((l) => l.level !== 'debug').map((l) => l.message);
    fails();
    await h.poll();
    h.api.beforePage = () => {};
    await h.poll();
    fails();
    const before = said().length;
    for (let i = 0; i < 20; i++) await h.poll();
    expect(said().slice(before)).toEqual([expect.stringContaining('Poll failed')]);
  });

  it('is short where failures come and go', async () => {
    const h = await Harness.start((x) => x.api.show('p', 's', START, figures()));
    const before = h.logger.lines.length;
    for (let i = 0; i < 40; i++) {
      h.api.beforePage = () => {
        if (i % 2 === 0) throw new ExporterError('malformed', 'no JSON', 'wait');
      };
      await h.poll();
    }
    const lines = h.logger.lines
      .slice(before)
      .filter((l) => l.level !== 'debug' && l.message !== 'First sweep complete');
    expect(lines.filter((l) => l.level === 'warn')).toHaveLength(4);
    expect(lines.filter((l) => l.message === 'Recovered')).toHaveLength(4);
  });

  it.each([true, false])('says a revoked key once for polls and histories', async (pollsFirst) => {
    const h = await Harness.start();
    const refused = new ExporterError('unauthorized', '401', 'renew it');
    const log = h.poller.registry.workers()[0]?.ctx.deps.complaints;
    const polls = (): void => log?.failed('Poll', 'default', 'p', refused, {});
    const histories = (): void => log?.failed('Reading histories', 'default', 'history of 1/s', refused, {});
    for (const fail of pollsFirst ? [polls, histories] : [histories, polls]) fail();
    expect(h.logger.at('warn')).toHaveLength(1);
    log?.succeeded('default', 'p');
    log?.succeeded('default', 'history of 1/s');
    expect(
      h.logger.lines
        .filter(({ message }) => message === 'Recovered')
        .map(({ level }) => level)
        .toSorted(),
    ).toEqual(['debug', 'info']);
  });
});
