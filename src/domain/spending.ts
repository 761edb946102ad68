/** Cost counted in the current day and calendar month (UTC), by server time, to compare with budgets. Pure. */
import { DAY, type Micros } from './time.ts';

/** The cost counted in one day or month. `no`: days since 1970-01-01, or months since January 1970. Integer nano-US-dollars. */
export type Period = { readonly no: number; readonly nanoUsd: number };

/** A later day or month begins at 0 by itself: it needs no commit. */
export type Spending = { readonly day: Period; readonly month: Period };

/** Integer nano-US-dollars, and the instants at which the day and the month end: from then on both are 0. */
export type Spent = {
  readonly dayNanoUsd: number;
  readonly dayUntil: Micros;
  readonly monthNanoUsd: number;
  readonly monthUntil: Micros;
};

export const NOTHING_SPENT: Spending = { day: { no: 0, nanoUsd: 0 }, month: { no: 0, nanoUsd: 0 } };

type Calendar = { readonly noOf: (at: Micros) => number; readonly begin: (no: number) => Micros };

const DAYS: Calendar = { noOf: (at) => Math.floor(at / DAY), begin: (no) => no * DAY };

const MONTHS: Calendar = {
  noOf: (at) => {
    const date = new Date(at / 1000);
    return (date.getUTCFullYear() - 1970) * 12 + date.getUTCMonth();
  },
  begin: (no) => Date.UTC(1970, no) * 1000,
};

/** The spending with `nanoUsd` more, counted at `at` (server time). */
export function spend({ day, month }: Spending, nanoUsd: number, at: Micros): Spending {
  return { day: add(day, nanoUsd, at, DAYS), month: add(month, nanoUsd, at, MONTHS) };
}

/** What was spent in the day and the month of `at`. `shift`: from the clock of `at` to the one on which the ends are wanted. */
export function spentAt({ day, month }: Spending, at: Micros, shift: Micros): Spent {
  return {
    dayNanoUsd: isPresent(day, at, DAYS) ? day.nanoUsd : 0,
    dayUntil: DAYS.begin(DAYS.noOf(at) + 1) + shift,
    monthNanoUsd: isPresent(month, at, MONTHS) ? month.nanoUsd : 0,
    monthUntil: MONTHS.begin(MONTHS.noOf(at) + 1) + shift,
  };
}

/** The same at a later instant of the clock on which the ends are given, when nothing was counted since. Integer nano-US-dollars. */
export function spentBy(spent: Spent, now: Micros): { readonly dayNanoUsd: number; readonly monthNanoUsd: number } {
  return {
    dayNanoUsd: now < spent.dayUntil ? spent.dayNanoUsd : 0,
    monthNanoUsd: now < spent.monthUntil ? spent.monthNanoUsd : 0,
  };
}

function add(period: Period, nanoUsd: number, at: Micros, calendar: Calendar): Period {
  if (isPresent(period, at, calendar)) return { ...period, nanoUsd: period.nanoUsd + nanoUsd };
  return { no: calendar.noOf(at), nanoUsd };
}

/** Answers may come a little out of order, so a period is kept for a day before its beginning; one further ahead is left over from a wrong clock. */
function isPresent({ no }: Period, at: Micros, { noOf, begin }: Calendar): boolean {
  return noOf(at) === no || (noOf(at) < no && begin(no) - at <= DAY);
}
