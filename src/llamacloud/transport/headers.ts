/** Reads the headers of an answer: its time, and whether and when to ask again. */
import { type Micros, SECOND } from '../../domain/time.ts';
import { isPlausible } from '../time/timestamp.ts';

/** By lower-case name; an array where the header was sent more than once. */
export type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** A wait that the API asks for is cut to this, milliseconds. */
const MAX_HINT_MS = 300_000;

/** The first value of a header; null where it was not sent. */
export function header(headers: Headers, name: string): string | null {
  const value = headers[name];
  if (typeof value === 'string') return value;
  return value?.[0] ?? null;
}

/** Reads when an answer was given: its `Date`, plus the `Age` that a cache gave it; null where that is not said or not plausible. */
export function createDateReader(): (headers: Headers) => Micros | null {
  // Successive answers mostly carry the same second, so the last one is remembered.
  let lastText = '';
  let last: Micros | null = null;
  return (headers) => {
    const text = header(headers, 'date');
    if (text === null) return null;
    if (text !== lastText) {
      lastText = text;
      last = parseHttpDate(text);
    }
    if (last === null) return null;
    const said = last + ageOf(headers);
    return isPlausible(said) ? said : null;
  };
}

/** RFC 9111, 5.1: whole seconds; one that cannot be read is none. */
function ageOf(headers: Headers): Micros {
  const text = header(headers, 'age')?.trim() ?? '';
  return /^\d{1,10}$/.test(text) ? Number(text) * SECOND : 0;
}

/** The preferred form of an HTTP date (RFC 9110, 5.6.7): `Sun, 06 Nov 1994 08:49:37 GMT`; null for anything else. */
export function parseHttpDate(text: string): Micros | null {
  if (!/^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/.test(text)) return null;
  const milliseconds = Date.parse(text);
  return Number.isNaN(milliseconds) ? null : milliseconds * 1000;
}

/** `x-should-retry` overrides what the status says; null: it does not. */
export function shouldRetry(headers: Headers): boolean | null {
  const value = header(headers, 'x-should-retry');
  return value === 'true' ? true : value === 'false' ? false : null;
}

/**
 * Milliseconds to wait as `retry-after-ms` or `Retry-After` ask (seconds, or an HTTP date, compared with server time `now`):
 * a date in the past is 0, more than five minutes is five minutes; null where neither header can be read.
 */
export function retryAfterMs(headers: Headers, now: Micros): number | null {
  const milliseconds = decimal(header(headers, 'retry-after-ms'));
  if (milliseconds !== null) return Math.min(milliseconds, MAX_HINT_MS);
  const text = header(headers, 'retry-after');
  const seconds = decimal(text);
  if (seconds !== null) return Math.min(seconds * 1000, MAX_HINT_MS);
  const date = text === null ? null : parseHttpDate(text.trim());
  return date === null ? null : Math.min(Math.max(0, (date - now) / 1000), MAX_HINT_MS);
}

function decimal(text: string | null): number | null {
  return text !== null && /^\d+(?:\.\d+)?$/.test(text.trim()) ? Number(text) : null;
}
