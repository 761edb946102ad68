/** Formats numbers and times for people. */

const WHOLE = new Intl.NumberFormat('en');
const COMPACT = new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 3 });
const PERCENT = new Intl.NumberFormat('en', { style: 'percent', minimumFractionDigits: 1, maximumFractionDigits: 1 });

export const NOTHING = '–';

/** `12,345`; a dash for what is not known. */
export function whole(value: number | null): string {
  return value === null ? NOTHING : WHOLE.format(value);
}

/** `12.3M`. */
export function compact(value: number): string {
  return COMPACT.format(value);
}

/** A ratio of 0 to 1 as `4.2%`. */
export function percent(ratio: number | null): string {
  return ratio === null ? NOTHING : PERCENT.format(ratio);
}

/** `320 ms`, `4.2 s`, `42 s`, `12 min`, `3 h 20 min`, `2 d 4 h`. */
export function duration(seconds: number | null): string {
  if (seconds === null) return NOTHING;
  if (seconds < 1) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 10) return `${Math.round(seconds * 10) / 10} s`;
  if (seconds < 90) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return pair(hours, 'h', minutes % 60, 'min');
  return pair(Math.floor(hours / 24), 'd', hours % 24, 'h');
}

function pair(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`;
}

/** Seconds from one ISO instant to another, not below 0. */
export function secondsBetween(from: string, to: string): number {
  return Math.max(0, (Date.parse(to) - Date.parse(from)) / 1000);
}

/** `now`, or `12 s ago`: whole seconds. */
export function ago(at: string, now: string): string {
  const seconds = Math.round(secondsBetween(at, now));
  return seconds < 1 ? 'now' : `${duration(seconds)} ago`;
}

const USD = new Intl.NumberFormat('en', { style: 'currency', currency: 'USD' });
const USD_WHOLE = new Intl.NumberFormat('en', { style: 'currency', currency: 'USD', maximumFractionDigits: 0 });
const USD_SMALL = new Intl.NumberFormat('en', { style: 'currency', currency: 'USD', maximumSignificantDigits: 2 });

/** `$12,346`, `$12.35`, `$0.0012`; a dash for what is not known. */
export function usd(value: number | null): string {
  if (value === null) return NOTHING;
  if (value >= 1000) return USD_WHOLE.format(value);
  return value === 0 || value >= 0.01 ? USD.format(value) : USD_SMALL.format(value);
}

/** Longest name that is shown, characters: labels are cut to the same. */
const LONGEST_NAME = 128;

/** A name that may be of any length, as it is shown. */
export function clip(name: string): string {
  if (name.length <= LONGEST_NAME) return name;
  return `${Array.from(name.slice(0, 2 * LONGEST_NAME))
    .slice(0, LONGEST_NAME)
    .join('')}…`;
}

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

/** `3.4 MiB`. */
export function bytes(value: number): string {
  const step = value < 1 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log2(value) / 10));
  return `${Math.round((value / 1024 ** step) * 10) / 10} ${UNITS[step]}`;
}

/** Requests per second as a budget: `20 requests/min`; null: none set. */
export function budget(perSecond: number | null): string {
  if (perSecond === null) return 'no limit';
  return perSecond < 2 ? `${round(perSecond * 60)} requests/min` : `${round(perSecond)} requests/s`;
}

function round(value: number): string {
  return WHOLE.format(value < 10 ? Math.round(value * 10) / 10 : Math.round(value));
}
