/** Failures are logged once while they last. */
import { describe, expect, it } from 'vitest';
import { type ErrorCode, ExporterError } from '../../src/domain/errors.ts';
import { FailureLog } from '../../src/poller/maintenance/failure-log.ts';
import { figures } from '../fakes/fake-api.ts';
import { ManualClock } from '../fakes/manual-clock.ts';
import { RecordingLogger } from '../fakes/recording-logger.ts';
import { Harness, nextTurn, START } from './harness.ts';

const refuse = (): Promise<never> => Promise.reject(new ExporterError('state', 'no space left', 'free some'));

describe('the failure log', () => {
  it('a project that left silences nobody', async () => {
    const h = await Harness.start((x) => x.api.addProject('other'));
    const timeout = new ExporterError('timeout', 'no answer', 'wait');
    h.api.beforePage = () => {
      throw timeout;
    };
    await h.poll();
    await h.leave('p');
    await h.poll({ id: 'other', after: 1200 });
    expect(h.logger.at('warn').filter(({ fields }) => fields['reason'] === 'timeout')).toHaveLength(2);
  });

  it('says once that maintenance fails', async () => {
    const h = await Harness.start((x) => x.api.show('p', 's', START, figures()));
    h.store.size = refuse;
    h.poller.start();
    for (let i = 0; i < 6; i++) {
      h.clock.advance(10);
      await nextTurn();
    }
    expect(h.logger.at('error').map(({ message }) => message)).toEqual([
      expect.stringContaining('Maintenance of the state'),
    ]);
    await h.poller.stop();
  });

  it('stops although the cursors cannot be saved', async () => {
    const h = await Harness.start((x) => x.api.show('p', 's', START, figures()));
    await h.poll();
    h.store.saveProgress = refuse;
    const stats = await h.poller.stop();
    expect(stats.get('p')?.stats?.polls.full.success).toBe(1);
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
    const log = h.poller.registry.workers()[0]?.ctx.deps.failureLog;
    const polls = (): void => log?.failed('Poll', 'default', 'p', refused, {});
    const histories = (): void => log?.failed('Reading histories', 'default', 'history of 1/s', refused, {});
    for (const fail of pollsFirst ? [polls, histories] : [histories, polls]) fail();
    expect(h.logger.at('error')).toHaveLength(1);
    expect(h.logger.at('warn')).toHaveLength(0);
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

describe('what a person must act on', () => {
  const log = (): { log: FailureLog; clock: ManualClock; logger: RecordingLogger } => {
    const clock = new ManualClock(START);
    const logger = new RecordingLogger();
    return { log: new FailureLog(logger, clock), clock, logger };
  };
  const failure = (code: ErrorCode): ExporterError => new ExporterError(code, 'why', 'what to do');

  it.each([
    ['unauthorized', ['error', 'error', 'error']],
    ['forbidden', ['error', 'error', 'error']],
    ['rejected', ['error', 'error', 'error']],
    ['state', ['error', 'error', 'error']],
    ['not_found', ['warn', 'error', 'error']],
    ['timeout', ['warn']],
    ['rate_limited', ['warn']],
    ['malformed', ['warn']],
  ] as const)('%s is said as %j in three hours', (code, levels) => {
    const { log: failures, clock, logger } = log();
    for (let minute = 0; minute < 180; minute++) {
      failures.failed('Poll', 'default', 'p', failure(code), {});
      clock.advance(60);
    }
    expect(logger.lines.map(({ level }) => level).filter((level) => level !== 'debug')).toEqual(levels);
  });

  it('is ten lines where 300 projects have it, the last of which says so', () => {
    const { log: failures, logger } = log();
    for (let n = 0; n < 300; n++) failures.failed('Poll', 'default', `p${n}`, failure('forbidden'), {});
    const lines = logger.at('error');
    expect(lines).toHaveLength(10);
    expect(lines.filter(({ fields }) => 'others' in fields)).toEqual([lines.at(-1)]);
  });

  it('is over once those that are remembered of very many recovered', () => {
    const { log: failures, logger } = log();
    const names = Array.from({ length: 5000 }, (_, n) => `history of 1/${n}`);
    for (const name of names) failures.failed('Reading histories', 'default', name, failure('forbidden'), {});
    expect(logger.at('warn')).toHaveLength(1);
    for (const name of names.slice(0, 1000)) failures.succeeded('default', name);
    expect(logger.at('info').map(({ message }) => message)).toEqual(['Recovered']);
  });
});
