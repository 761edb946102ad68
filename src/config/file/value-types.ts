/** The types of value in the configuration file. Each describes the wanted value in the same words, whatever is wrong. */
import { z } from 'zod';

import { formatDuration, parseDuration } from '../../domain/duration.ts';

/** A text that `test` accepts. */
export function text(wanted: string, test: (value: string) => boolean) {
  return z.string({ error: wanted }).refine(test, { error: wanted });
}

/** A text for which `fault` answers null; else what is wanted instead. */
export function judged(fault: (value: string) => string | null) {
  return z.string({ error: fault('') ?? 'a text' }).superRefine((value, ctx) => {
    const wanted = fault(value);
    if (wanted !== null) ctx.addIssue({ code: 'custom', message: wanted });
  });
}

/** A whole number within bounds, both included. */
export function whole(least: number, most: number) {
  const wanted = `a whole number from ${least} to ${most}`;
  return z.number({ error: wanted }).refine((n) => Number.isInteger(n) && n >= least && n <= most, { error: wanted });
}

/** A number within bounds, both included. */
export function within(least: number, most: number) {
  const wanted = `a number from ${least} to ${most}`;
  return z.number({ error: wanted }).refine((n) => n >= least && n <= most, { error: wanted });
}

/** A finite number of at least 0. */
export function amount(wanted: string) {
  return z.number({ error: wanted }).refine((n) => Number.isFinite(n) && n >= 0, { error: wanted });
}

/** A finite number above `least`. */
export function above(least: number, wanted: string) {
  return z.number({ error: wanted }).refine((n) => Number.isFinite(n) && n > least, { error: wanted });
}

export function yesNo() {
  return z.boolean({ error: 'true or false' });
}

/** A duration within bounds (milliseconds, both included); becomes milliseconds. */
export function duration(least: number, most: number) {
  const wanted = `a duration like 30s, 5m or 1h30m, from ${formatDuration(least)} to ${formatDuration(most)}`;
  return z.string({ error: wanted }).transform((value, ctx) => {
    const ms = parseDuration(value);
    if (ms !== null && ms >= least && ms <= most) return ms;
    ctx.addIssue({ code: 'custom', message: wanted });
    return z.NEVER;
  });
}

/** A list of such items. */
export function list<T extends z.ZodType>(item: T, wanted: string) {
  return z.array(item, { error: wanted });
}

/** A mapping with these keys and no other. The message of an unknown key is the list of the known ones, `, ` between them. */
export function mapping<T extends z.core.$ZodLooseShape>(shape: T) {
  const known = Object.keys(shape).join(', ');
  return z.strictObject(shape, { error: (issue) => (issue.code === 'unrecognized_keys' ? known : 'a mapping') });
}
