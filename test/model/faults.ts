/** Faults that the model switches on: passing ones, those of one session's history that last, and lies about time. */
import type { RuleInput } from '../../src/simulator/faults/switchboard.ts';

type Fault = RuleInput['fault'];

/** What any request may meet a few times. */
export const PASSING: readonly Fault[] = [
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
  { kind: 'cached', for_seconds: 300 },
  { kind: 'huge', bytes: 4096 },
  { kind: 'huge', bytes: 65_536, gzip: true },
  { kind: 'set', path: 'items.*.generated_title', value: 'a title "with quotes"' },
  { kind: 'set', path: 'items.*.index_ids', value: ['', null, {}] },
  { kind: 'set_raw', path: 'items.*.job_metadata.turns', raw: '-1' },
  { kind: 'set_raw', path: 'items.*.last_updated_at', raw: '"yesterday"' },
  { kind: 'remove', path: 'items.*.session_id' },
  { kind: 'remove', path: 'next_page_token' },
  { kind: 'set', path: 'next_page_token', value: 5 },
  { kind: 'headers', set: { etag: '"x"' }, remove: ['content-type'] },
  { kind: 'latency', ms: 2, jitter_ms: 4 },
  { kind: 'drip', bytes_per_second: 200_000 },
  { kind: 'hang', where: 'headers' },
  { kind: 'hang', where: 'body' },
];

/** Why the history of one session can never be had. */
export const UNREADABLE: readonly Fault[] = [
  { kind: 'status', status: 403 },
  { kind: 'status', status: 404 },
  { kind: 'status', status: 410 },
  { kind: 'status', status: 500 },
  { kind: 'reset' },
  { kind: 'truncate', keep: 0.5 },
  { kind: 'truncate', keep: 0.5, framing: 'valid' },
  { kind: 'hang', where: 'headers' },
  { kind: 'body', text: '{}' },
  { kind: 'body', text: 'null' },
];

/** A history that is not what it was, or not what it should be. `harm`: what of its session cannot be told exactly then. */
export type OddHistory = { readonly fault: Fault; readonly harm: 'none' | 'late' | 'lower' | 'twice' };

export const ODD: readonly OddHistory[] = [
  { fault: { kind: 'history_bytes', bytes: 300_000 }, harm: 'none' },
  { fault: { kind: 'history_lag', runs: 1 }, harm: 'late' },
  { fault: { kind: 'history_lag', runs: 3 }, harm: 'late' },
  { fault: { kind: 'history_lag', ms: 120_000 }, harm: 'late' },
  { fault: { kind: 'history_ahead' }, harm: 'none' },
  { fault: { kind: 'history_lag', runs: 1, half: 'events' }, harm: 'twice' },
  { fault: { kind: 'history_lag', runs: 1, half: 'metadata' }, harm: 'twice' },
  { fault: { kind: 'history_shortened', drop: 1 }, harm: 'twice' },
  { fault: { kind: 'history_shortened', drop: 100 }, harm: 'twice' },
  { fault: { kind: 'history_shortened', drop: 1, end: 'tail' }, harm: 'twice' },
  { fault: { kind: 'history_rewritten' }, harm: 'twice' },
  { fault: { kind: 'history_rewritten', places: [0] }, harm: 'twice' },
  { fault: { kind: 'odd_stops', form: 'null_usage', places: [-1] }, harm: 'lower' },
  { fault: { kind: 'odd_stops', form: 'bare', places: [0] }, harm: 'lower' },
  { fault: { kind: 'odd_stops', form: 'strings', places: [-2] }, harm: 'lower' },
  { fault: { kind: 'odd_stops', form: 'negative' }, harm: 'lower' },
];

/** Lies about time: never all answers alike for long, for then nobody could tell them from the truth. */
export const DATES: readonly RuleInput[] = [
  { match: { every: 2 }, fault: { kind: 'date', offset_seconds: 300 } },
  { match: { every: 2 }, fault: { kind: 'date', offset_seconds: -300 } },
  { match: { every: 3 }, fault: { kind: 'date', offset_seconds: 86_400 * 365 } },
  { match: { times: 1 }, fault: { kind: 'date', offset_seconds: -86_400 * 20 } },
  { match: { times: 2 }, fault: { kind: 'date', offset_seconds: 86_400 * 365 * 200 } },
  { match: {}, fault: { kind: 'date', offset_seconds: 100 } },
  { match: {}, fault: { kind: 'date', offset_seconds: -3600, age: 3600 } },
  { match: { every: 2 }, fault: { kind: 'date', text: 'the day before yesterday' } },
  { match: {}, fault: { kind: 'no_date' } },
];

/** How a session is malformed for as long as it lasts. */
export const MALFORMED = ['no_id', 'number_id', 'no_time', 'bad_time', 'negative_tokens', 'text_metadata'] as const;
