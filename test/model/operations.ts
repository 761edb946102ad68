import fc from 'fast-check';
import type { RuleInput } from '../../src/simulator/faults/switchboard.ts';

/** Numbers pick a project or session among those that there are, by remainder. */
export type Operation =
  | { readonly op: 'session'; readonly project: number; readonly runs: number }
  | {
      readonly op: 'run';
      readonly session: number;
      readonly times: number;
      readonly failed: boolean;
      readonly same: boolean;
    }
  | {
      readonly op: 'start' | 'finish' | 'complete' | 'touch' | 'delete' | 'restore' | 'lag' | 'malform';
      readonly session: number;
    }
  | { readonly op: 'addProject' | 'discover' | 'save' | 'restart' | 'reload' | 'catchUp' }
  | { readonly op: 'removeProject' | 'restoreProject' | 'renameProject' | 'poll' | 'sweep'; readonly project: number }
  | { readonly op: 'shift'; readonly session: number; readonly project: number }
  | { readonly op: 'fault'; readonly fault: RuleInput['fault']; readonly times: number; readonly after: number }
  | { readonly op: 'skew'; readonly minutes: number }
  | { readonly op: 'wait'; readonly seconds: number }
  | { readonly op: 'killDiscovery'; readonly before: boolean }
  | { readonly op: 'kill'; readonly project: number; readonly commit: number; readonly before: boolean };

/** Faults of the simulator that a poll may meet, each as its switchboard takes it. */
const FAULTS: readonly RuleInput['fault'][] = [
  { kind: 'rate_limited', retry_after: { seconds: 2 } },
  { kind: 'rate_limited', retry_after: { date_in_seconds: 3 } },
  { kind: 'rate_limited', retry_after: { text: '99999999' } },
  { kind: 'status', status: 500 },
  { kind: 'status', status: 503 },
  { kind: 'status', status: 401 },
  { kind: 'status', status: 404 },
  { kind: 'status', status: 422 },
  { kind: 'status', status: 400 },
  { kind: 'status', status: 403 },
  { kind: 'status', status: 408 },
  { kind: 'status', status: 409 },
  { kind: 'html', status: 502 },
  { kind: 'body', text: 'null' },
  { kind: 'rate_limited', retry_after: { date_in_seconds: -60 } },
  { kind: 'rate_limited', retry_after_ms: 250, should_retry: true },
  { kind: 'rate_limit', per_minute: 30, burst: 2 },
  { kind: 'redirect', location: 'http://127.0.0.1:9/elsewhere', status: 302 },
  { kind: 'expire_token', status: 410 },
  { kind: 'reset', after_bytes: 20 },
  { kind: 'truncate', keep: 0.5, framing: 'broken' },
  { kind: 'truncate', keep: 0.5, framing: 'valid' },
  { kind: 'content_type', value: 'text/html' },
  { kind: 'invalid_utf8', field: 'generated_title' },
  { kind: 'duplicate_keys' },
  { kind: 'nan', path: 'items.*.job_metadata.turns' },
  { kind: 'wrong_types' },
  { kind: 'repeat_token' },
  { kind: 'empty_page' },
  { kind: 'overlap', items: 2 },
  { kind: 'endless_tokens' },
  { kind: 'endless_tokens', items: 'none' },
  { kind: 'stale_read' },
  { kind: 'huge', bytes: 4096 },
  { kind: 'huge', bytes: 65_536, gzip: true },
  { kind: 'set', path: 'items.*.generated_title', value: 'a title "with quotes"' },
  { kind: 'set_raw', path: 'items.*.job_metadata.turns', raw: '-1' },
  { kind: 'set_raw', path: 'items.*.last_updated_at', raw: '"yesterday"' },
  { kind: 'remove', path: 'items.*.session_id' },
  { kind: 'remove', path: 'next_page_token' },
  { kind: 'headers', set: { etag: '"x"' }, remove: ['content-type'] },
  { kind: 'latency', ms: 2, jitter_ms: 4 },
  { kind: 'drip', bytes_per_second: 200_000 },
  { kind: 'hang', where: 'headers' },
  { kind: 'hang', where: 'body' },
];

const index = fc.nat(30);

const ARBITRARIES: readonly [weight: number, arbitrary: fc.Arbitrary<Operation>][] = [
  [4, fc.record({ op: fc.constant('session' as const), project: index, runs: fc.nat(2) })],
  [
    8,
    fc.record({
      op: fc.constant('run' as const),
      session: index,
      times: fc.integer({ min: 1, max: 3 }),
      failed: fc.boolean(),
      same: fc.constantFrom(false, false, false, true),
    }),
  ],
  [
    6,
    fc.record({
      op: fc.constantFrom(
        'start' as const,
        'finish' as const,
        'complete' as const,
        'touch' as const,
        'malform' as const,
      ),
      session: index,
    }),
  ],
  [4, fc.record({ op: fc.constantFrom('delete' as const, 'restore' as const, 'lag' as const), session: index })],
  [
    3,
    fc.record({
      op: fc.constantFrom(
        'addProject' as const,
        'discover' as const,
        'restart' as const,
        'save' as const,
        'reload' as const,
        'catchUp' as const,
      ),
    }),
  ],
  [
    2,
    fc.record({
      op: fc.constantFrom('removeProject' as const, 'restoreProject' as const, 'renameProject' as const),
      project: index,
    }),
  ],
  [9, fc.record({ op: fc.constantFrom('poll' as const, 'sweep' as const), project: index })],
  [2, fc.record({ op: fc.constant('shift' as const), session: index, project: index })],
  [
    3,
    fc.record({
      op: fc.constant('fault' as const),
      fault: fc.constantFrom(...FAULTS),
      times: fc.integer({ min: 1, max: 4 }),
      after: fc.nat(2),
    }),
  ],
  [1, fc.record({ op: fc.constant('skew' as const), minutes: fc.integer({ min: -10, max: 10 }) })],
  [3, fc.record({ op: fc.constant('wait' as const), seconds: fc.constantFrom(1, 30, 120, 700) })],
  [2, fc.record({ op: fc.constant('kill' as const), project: index, commit: fc.nat(2), before: fc.boolean() })],
  [1, fc.record({ op: fc.constant('killDiscovery' as const), before: fc.boolean() })],
];

/** A sequence of operations. */
export const operations: fc.Arbitrary<readonly Operation[]> = fc.array(
  fc.oneof(...ARBITRARIES.map(([weight, arbitrary]) => ({ weight, arbitrary }))),
  { minLength: 3, maxLength: 24 },
);
