/** A status room with a clock that the test moves. */
import { type ErrorCode, ExporterError } from '../../src/domain/errors.ts';
import { createStatus } from '../../src/status/status.ts';
import { ManualClock } from '../fakes/manual-clock.ts';

export const START = Date.parse('2026-05-04T12:00:00.000Z') * 1000;

export function room() {
  const clock = new ManualClock(START);
  const status = createStatus({
    clock,
    build: { version: '1.2.3', revision: 'abc' },
    accounting: 'every_run',
    stateLocation: '/data/state.db',
    stateCreatedAt: START - 1_000_000,
  });
  return { clock, ...status, now: () => status.source.status() };
}

export const failure = (code: ErrorCode = 'timeout', message = 'too slow'): ExporterError =>
  new ExporterError(code, message, 'Wait.');
