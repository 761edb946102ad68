/** Server time from real answers: what a source makes of `Date` and `Age`, and how its first discovery checks our clock. */
import { describe, expect, it, onTestFinished } from 'vitest';
import { DAY, HOUR, MINUTE, type Micros, SECOND } from '../../../src/domain/time.ts';
import { createMemory, createSource, type LlamaCloudSource, type Memory } from '../../../src/llamacloud/index.ts';
import { OddClock } from '../../fakes/odd-clock.ts';
import { RecordingLogger } from '../../fakes/recording-logger.ts';
import { recordingObserver } from '../../fakes/recording-observer.ts';
import { type ApiServer, type Reply, reply, startApi } from '../api-server.ts';
import { item, never, readPage } from '../harness.ts';
import { settingsFor } from '../settings.ts';

/** The API's true time stands still; it is a whole second, so that a `Date` can say it. */
const NOW = Date.UTC(2026, 4, 1, 12) * 1000;
const YEAR = 365 * DAY;
const project = { id: 'p', name: 'Support', organization_id: 'o' };

type Stage = { source: LlamaCloudSource; api: ApiServer; clock: OddClock; logger: RecordingLogger; memory: Memory };

/** Answers carry what `headers` says of the number of the request, from 1. */
async function stage(wall: Micros, headers: (n: number) => Reply['headers']): Promise<Stage> {
  const api = await startApi((request, response, n) => {
    response.sendDate = false;
    const body = request.url?.startsWith('/api/v1/projects') ? [project] : { items: [item()] };
    reply(response, { headers: headers(n) ?? {}, body });
  });
  const clock = new OddClock(wall);
  const logger = new RecordingLogger();
  const memory = createMemory(clock);
  const source = createSource(settingsFor(api.url), { clock, logger, observer: recordingObserver().observer }, memory);
  onTestFinished(async () => {
    await source.close();
    await api.close();
  });
  return { source, api, clock, logger, memory };
}

const dated = (off: Micros, more: Reply['headers'] = {}): Reply['headers'] => ({
  date: new Date((NOW + off) / 1000).toUTCString(),
  ...more,
});

describe('the first discovery', () => {
  it('is enough where our clock is right', async () => {
    const { source, api, logger } = await stage(NOW, () => dated(90 * SECOND));
    expect((await source.discover(never)).serverTime).toBe(NOW);
    expect(api.asked).toHaveLength(1);
    expect(logger.at('warn')).toEqual([]);
  });

  it.each([
    ['booted in 1970', 5 * SECOND],
    ['31 days ahead', NOW + 31 * DAY],
  ])('is asked three times and believed where our clock is wrong: %s', async (_, wall) => {
    const { source, api, logger } = await stage(wall, (n) => dated(n * SECOND));
    const { serverTime, projects } = await source.discover(never);
    expect(serverTime).toBe(NOW + 2 * SECOND);
    expect(source.serverTime()).toBe(serverTime);
    expect(projects).toHaveLength(1);
    expect(api.asked).toHaveLength(3);
    expect(logger.at('warn').map(({ message }) => message)).toEqual([
      "Our clock differs from the API's; the API's is used",
    ]);
    expect((await readPage(source)).invalid).toEqual([]);
    await source.discover(never);
    expect(api.asked).toHaveLength(5);
  });

  it.each([
    ['is a cached answer of 20 days ago', (n: number) => dated(n === 1 ? -20 * DAY : 0)],
    ['meets one of two nodes ahead', (n: number) => dated(n % 2 === 1 ? 5 * MINUTE : 0)],
    ['gets a time only once', (n: number) => (n === 1 ? dated(HOUR) : {})],
  ])('leaves our clock where it %s', async (_, headers) => {
    const { source, api, logger } = await stage(NOW, headers);
    expect((await source.discover(never)).serverTime).toBe(NOW);
    expect(api.asked).toHaveLength(3);
    expect(logger.at('warn').map(({ message }) => message)).toEqual([
      "The API's answers disagree about the time; our own clock is used",
    ]);
  });

  it('adds the Age of a cached answer to its Date', async () => {
    const { source, api } = await stage(NOW, () => dated(-20 * DAY, { age: String(20 * 86_400) }));
    expect((await source.discover(never)).serverTime).toBe(NOW);
    expect(api.asked).toHaveLength(1);
  });

  it.each([
    ['no Date', {}],
    ['the year 2300', { date: 'Tue, 02 Jan 2300 00:00:00 GMT' }],
    ['the year 1999', { date: 'Fri, 31 Dec 1999 00:00:00 GMT' }],
    ['an Age into the year 2300', dated(0, { age: '9999999999' })],
    ['another form', { date: '2026-05-09T12:00:00Z' }],
  ])('goes by our clock with %s', async (_, headers) => {
    const { source, api, logger } = await stage(NOW, () => headers);
    expect((await source.discover(never)).serverTime).toBe(NOW);
    for (let n = 0; n < 9; n += 1) expect((await readPage(source)).serverTime).toBe(NOW);
    expect(api.asked).toHaveLength(10);
    expect(logger.at('warn')).toEqual([]);
  });
});

describe('an answer', () => {
  it('moves server time as the fifth in a row, with one warning', async () => {
    const { source, logger } = await stage(NOW, (n) => dated(n === 1 ? 0 : HOUR));
    await source.discover(never);
    const seen: Micros[] = [];
    for (let n = 0; n < 12; n += 1) seen.push((await readPage(source)).serverTime - NOW);
    expect(seen).toEqual([...Array(4).fill(0), ...Array(8).fill(HOUR)]);
    expect(logger.at('warn')).toEqual([
      {
        level: 'warn',
        message: 'Several answers in a row differ from our time in the same direction; server time was adjusted',
        fields: { account: 'acme', moved_seconds: 3600 },
      },
    ]);
  });

  it('a year ahead once costs no session', async () => {
    const { source } = await stage(NOW, (n) => dated(n === 3 ? YEAR : 0));
    await source.discover(never);
    for (let n = 0; n < 5; n += 1) {
      expect(await readPage(source)).toMatchObject({ sessions: [{ id: 'ses-1' }], invalid: [], serverTime: NOW });
    }
  });

  it('of a cache that says its Age is no news', async () => {
    const { source, logger } = await stage(NOW, () => dated(-HOUR, { age: '3599' }));
    for (let n = 0; n < 8; n += 1) expect((await readPage(source)).serverTime).toBe(NOW);
    expect(logger.at('warn')).toEqual([]);
  });

  it('never sees our clock being set', async () => {
    const { source, clock } = await stage(NOW, () => dated(0));
    await source.discover(never);
    clock.set(NOW - 400 * DAY);
    expect((await readPage(source)).serverTime).toBe(NOW);
    clock.set(NOW + 31 * DAY);
    expect((await readPage(source)).serverTime).toBe(NOW);
    clock.advance(60);
    expect(source.serverTime()).toBe(NOW + MINUTE);
  });
});

describe('after a reload', () => {
  it('server time is what it was, and discovery asks once', async () => {
    const { source, api, clock, logger, memory } = await stage(NOW + 31 * DAY, () => dated(0));
    await source.discover(never);
    await source.close();
    const observer = recordingObserver().observer;
    const next = createSource(settingsFor(api.url), { clock, logger, observer }, memory);
    expect(next.serverTime()).toBe(NOW);
    expect((await next.discover(never)).serverTime).toBe(NOW);
    expect(api.asked).toHaveLength(4);
    await next.close();
  });
});
