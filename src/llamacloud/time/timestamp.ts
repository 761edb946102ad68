/**
 * ISO 8601 timestamps as the API writes them: `YYYY-MM-DDTHH:MM:SS`, then a dot and 1 to 9 digits or nothing, then `Z`,
 * `±HH`, `±HHMM`, `±HH:MM` or nothing (UTC). Written by hand because one is read per session, and because `Date` takes what it
 * should not (30 February) and keeps milliseconds only.
 */
import type { Micros } from '../../domain/time.ts';

const ZERO = 48;
const DAYS_BEFORE_MONTH = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334] as const;
const DAYS_IN_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;
/** Length of `YYYY-MM-DD`. */
const DATE_END = 10;
/** Length of `YYYY-MM-DDTHH:MM:SS`. */
const SECONDS_END = 19;

/** No time before it is ever accepted: the beginning of 2000 (docs/accounting.md, Times). */
export const EARLIEST: Micros = Date.UTC(2000, 0, 1) * 1000;
/** No time after it is ever accepted: the last microsecond of 2199. */
export const LATEST: Micros = Date.UTC(2200, 0, 1) * 1000 - 1;

/** True for a time that may be believed. NaN is none. */
export function isPlausible(time: Micros): boolean {
  return time >= EARLIEST && time <= LATEST;
}

/** The instant in integer microseconds, finer digits cut off; null where the text is no such timestamp or not in the years 2000 to 2199. */
export function parseTimestamp(text: string): Micros | null {
  if (text.length < SECONDS_END || !hasPunctuation(text)) return null;
  const days = dayOf(text.slice(0, DATE_END));
  const seconds = secondOfDay(number2(text, 11), number2(text, 14), number2(text, 17));
  const fractionEnd = endOfFraction(text);
  const offset = fractionEnd < 0 ? Number.NaN : offsetMinutes(text, fractionEnd);
  // A part that is not legal is NaN, and so is the sum.
  const micros = ((days * 1440 - offset) * 60 + seconds) * 1_000_000 + fractionMicros(text, fractionEnd);
  return isPlausible(micros) ? micros : null;
}

/** Between the date and the seconds. */
function hasPunctuation(text: string): boolean {
  return text.charCodeAt(DATE_END) === 84 && text.charCodeAt(13) === 58 && text.charCodeAt(16) === 58;
}

/** The date that was read last: a list shows the same one again and again. */
let known = { date: '', days: Number.NaN };

/** Days since 1970-01-01 of `YYYY-MM-DD`; NaN where it is no date. */
function dayOf(date: string): number {
  if (date === known.date) return known.days;
  const isDate = date.charCodeAt(4) === 45 && date.charCodeAt(7) === 45;
  const days = isDate ? dayNumber(number4(date, 0), number2(date, 5), number2(date, 8)) : Number.NaN;
  known = { date, days };
  return days;
}

function isDigit(text: string, at: number): boolean {
  const value = text.charCodeAt(at) - ZERO;
  return value >= 0 && value <= 9;
}

/** 0 to 99; -1 where there are no two digits (an integer, so that V8 keeps to integers). */
function number2(text: string, at: number): number {
  const tens = text.charCodeAt(at) - ZERO;
  const ones = text.charCodeAt(at + 1) - ZERO;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : -1;
}

/** 0 to 9999; negative where there are no four digits. */
function number4(text: string, at: number): number {
  const [high, low] = [number2(text, at), number2(text, at + 2)];
  return high < 0 || low < 0 ? -1 : high * 100 + low;
}

function isLeap(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

/** Days since 1970-01-01 in the proleptic Gregorian calendar; NaN for a date that does not exist. */
function dayNumber(year: number, month: number, day: number): number {
  if (year < 0 || month < 1 || month > 12 || day < 1) return Number.NaN;
  const leap = isLeap(year);
  if (day > (DAYS_IN_MONTH[month - 1] as number) + (leap && month === 2 ? 1 : 0)) return Number.NaN;
  const before = year - 1;
  const leapDays = Math.floor(before / 4) - Math.floor(before / 100) + Math.floor(before / 400) - 477;
  const inYear = (DAYS_BEFORE_MONTH[month - 1] as number) + (leap && month > 2 ? 1 : 0) + day - 1;
  return (year - 1970) * 365 + leapDays + inYear;
}

function secondOfDay(hour: number, minute: number, second: number): number {
  if (hour < 0 || minute < 0 || second < 0 || hour > 23 || minute > 59 || second > 59) return Number.NaN;
  return (hour * 60 + minute) * 60 + second;
}

/** Where the fraction ends (19 where there is none); -1 for a dot without digits, or more than nine of them. */
function endOfFraction(text: string): number {
  if (text.charCodeAt(SECONDS_END) !== 46) return SECONDS_END;
  let end = SECONDS_END + 1;
  while (isDigit(text, end)) end += 1;
  return end > SECONDS_END + 1 && end <= SECONDS_END + 10 ? end : -1;
}

/** The digits up to `end` were looked at before. */
function fractionMicros(text: string, end: number): number {
  let micros = 0;
  for (let at = SECONDS_END + 1; at <= SECONDS_END + 6; at += 1)
    micros = micros * 10 + (at < end ? text.charCodeAt(at) - ZERO : 0);
  return micros;
}

/** Minutes east of UTC that the rest of the text from `at` on says; NaN where it is no zone. */
function offsetMinutes(text: string, at: number): number {
  const length = text.length - at;
  if (length === 0) return 0;
  const sign = text.charCodeAt(at);
  if (sign === 90) return length === 1 ? 0 : Number.NaN;
  if (sign !== 43 && sign !== 45) return Number.NaN;
  const hours = number2(text, at + 1);
  const minutes = zoneMinutes(text, at + 3, length);
  if (hours < 0 || minutes < 0 || hours > 23 || minutes > 59) return Number.NaN;
  return sign === 45 ? -(hours * 60 + minutes) : hours * 60 + minutes;
}

/** Negative where they are none. */
function zoneMinutes(text: string, at: number, length: number): number {
  if (length === 3) return 0;
  if (length === 5) return number2(text, at);
  return length === 6 && text.charCodeAt(at) === 58 ? number2(text, at + 1) : -1;
}
