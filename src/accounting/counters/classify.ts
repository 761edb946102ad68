/** Error classes of failed runs. Pure. */
import { OTHER_CLASS, type Rules, UNKNOWN_CLASS } from '../../domain/rules.ts';

/** Only this much of an error text meets the patterns: it bounds the work that a configured pattern can cause. */
const LONGEST_TEXT = 4096;

/** The class of a failed run: the first pattern that matches the lower-cased text; `unknown` without text. */
export function classify(errorText: string | null, rules: Pick<Rules, 'errorClasses'>): string {
  if (errorText === null || errorText === '') return UNKNOWN_CLASS;
  const text = errorText.slice(0, LONGEST_TEXT).toLowerCase();
  return rules.errorClasses.find((c) => c.pattern.test(text))?.class ?? OTHER_CLASS;
}
