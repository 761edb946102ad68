/** What `check` requests from a source: the projects, one page of each, and at most one history of each. */
import { describe, expect, test } from 'vitest';

import { type AccountFound, probe } from '../../../src/commands/check/probe.ts';
import { configFromText } from '../../../src/config/config.ts';
import { ExporterError } from '../../../src/domain/errors.ts';
import { NO_FIGURES, type Session } from '../../../src/domain/session.ts';
import type { HistoryAnswer, SessionPage, SessionSource } from '../../../src/domain/source.ts';
import { MINUTE } from '../../../src/domain/time.ts';
import { ManualClock } from '../../fakes/manual-clock.ts';

const NOW = Date.parse('2026-05-04T12:00:00.000Z') * 1000;
const PROJECT = { id: 'p', name: 'Bot', organizationId: 'o', isDefault: false, createdAt: null };
const RUN = { figures: NO_FIGURES, errorText: null };

const session = (id: string, minutesAgo: number, hasRun = true): Session => ({
  id,
  updatedAt: NOW - minutesAgo * MINUTE,
  run: hasRun ? RUN : null,
  indexIds: [],
});

/** A source of one project and one page. Histories take 30 ms. */
class OnePage implements SessionSource {
  readonly account = 'default';
  readonly historiesRead: string[] = [];
  fault: ExporterError | null = null;
  readonly #clock: ManualClock;
  readonly #sessions: readonly Session[];
  readonly #answer: HistoryAnswer | null;

  constructor(clock: ManualClock, sessions: readonly Session[], answer: HistoryAnswer | null = null) {
    this.#clock = clock;
    this.#sessions = sessions;
    this.#answer = answer;
  }

  serverTime = (): number => NOW;
  waited = (): number => 0;
  shareLimit = (): void => {};

  async discover() {
    return { projects: [PROJECT], unreadable: [], serverTime: NOW };
  }

  async page(): Promise<SessionPage> {
    const common = { invalid: [], nextToken: null, serverTime: NOW, requestedAt: NOW, fault: this.fault };
    return { sessions: this.#sessions, ...common };
  }

  async history({ sessionId }: { readonly sessionId: string }): Promise<HistoryAnswer> {
    this.historiesRead.push(sessionId);
    this.#clock.advance(0.03);
    return this.#answer ?? { bytes: 4096, history: { session: session(sessionId, 0), stops: [RUN, RUN, RUN] } };
  }
}

async function probed(
  sessions: readonly Session[],
  accounting: 'every_run' | 'last_run' = 'every_run',
  answer: HistoryAnswer | null = null,
  fault: ExporterError | null = null,
): Promise<{ readonly found: AccountFound['projects'][number] | undefined; readonly read: readonly string[] }> {
  const { accounts } = await configFromText('x', 'accounts: [{ api_key: k }]', {}, {});
  const [account] = accounts;
  if (account === undefined) throw new Error('no account');
  const clock = new ManualClock(NOW);
  const source = new OnePage(clock, sessions, answer);
  source.fault = fault;
  const signal = new AbortController().signal;
  const { projects } = await probe(account, { source, accounting, clock, signal }, () => {});
  return { found: projects[0], read: source.historiesRead };
}

const PAGE = [session('new', 1, false), session('active', 2), session('old', 60), session('older', 90)];

describe('check', () => {
  test('reads one history, of the session that ran last', async () => {
    const { found, read } = await probed(PAGE);
    expect(read).toEqual(['active']);
    expect(found?.history).toEqual({ runs: 3, bytes: 4096, latencyMs: 30 });
    expect(found?.page).toMatchObject({ sessions: 4, active: 2, order: 'newest first' });
  });

  test('reads none with last_run', async () => {
    const { found, read } = await probed(PAGE, 'last_run');
    expect(read).toEqual([]);
    expect(found?.history).toBeNull();
    expect(found?.page).toMatchObject({ active: 2 });
  });

  test('reads none where no session has run', async () => {
    const { found, read } = await probed([session('new', 1, false)]);
    expect(read).toEqual([]);
    expect(found?.history).toBeNull();
  });

  test.each([
    ['forbidden', 'Set accounting: last_run'],
    ['unauthorized', 'Set accounting: last_run'],
    ['not_found', 'Run check again'],
    ['timeout', 'Raise request_timeout.'],
  ] as const)('says what to do about a history that is %s', async (code, words) => {
    const error = new ExporterError(code, 'no history', 'Raise request_timeout.');
    const { found } = await probed(PAGE, 'every_run', { bytes: 0, error });
    expect(found?.page).not.toBeInstanceOf(ExporterError);
    expect(found?.history).toMatchObject({ code, message: 'no history', fix: expect.stringContaining(words) });
  });

  test('takes a page of mostly malformed items for failed', async () => {
    const fault = new ExporterError('malformed', '6 of 10 items are malformed', 'Report it.');
    const { found, read } = await probed(PAGE, 'every_run', null, fault);
    expect(found?.page).toBe(fault);
    expect(read).toEqual([]);
  });
});
