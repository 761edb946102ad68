/** Faults of time in an answer's headers: `Date` and `Age`, as a wrong clock or a cache in between makes them. */
import { z } from 'zod';
import type { Answer } from '../api/answers.ts';
import { wholeBody } from '../api/answers.ts';
import { httpDate } from '../world/clock.ts';
import type { Micros } from '../world/types.ts';
import type { FaultContext } from './context.ts';

export const DateFault = z.discriminatedUnion('kind', [
  /** `Date` this many seconds from the truth (seconds to centuries, negative: past), or any text; `Age` as given. */
  z.strictObject({
    kind: z.literal('date'),
    offset_seconds: z.number().default(0),
    text: z.string().nullable().default(null),
    age: z.union([z.number(), z.string()]).nullable().default(null),
  }),
  z.strictObject({ kind: z.literal('no_date') }),
  /** A cache in between: for this long it repeats the first answer to the same request, with its `Date` and an `Age`. */
  z.strictObject({ kind: z.literal('cached'), for_seconds: z.number().positive() }),
]);
export type DateFault = z.output<typeof DateFault>;

/** The answer with a wrong time; errors have a date too. */
export function misdated(fault: DateFault, answer: Answer, now: Micros): Answer {
  switch (fault.kind) {
    case 'date': {
      const date = fault.text ?? httpDate(now + fault.offset_seconds * 1_000_000);
      const age = fault.age === null ? {} : { age: String(fault.age) };
      return { ...answer, headers: { ...answer.headers, date, ...age } };
    }
    case 'no_date':
      return {
        ...answer,
        headers: Object.fromEntries(Object.entries(answer.headers).filter(([key]) => key !== 'date')),
      };
    case 'cached':
      return answer;
    default:
      return fault satisfies never;
  }
}

/** The answer that the cache still has; null if it has none, or only one that is too old. */
export function fromCache(fault: DateFault, { call, world, state }: FaultContext): Answer | null {
  const kept = fault.kind === 'cached' ? state.cache.get(keyOf(call)) : undefined;
  if (fault.kind !== 'cached' || kept === undefined) return null;
  const ageSeconds = Math.floor((world.clock.now() - kept.at) / 1_000_000);
  if (ageSeconds >= fault.for_seconds) return null;
  const headers = { ...kept.answer.headers, date: httpDate(kept.at), age: String(ageSeconds) };
  return { ...kept.answer, headers };
}

/** The answer; the cache keeps it if its status is 200. */
export async function throughCache(fault: DateFault, answer: Answer, context: FaultContext): Promise<Answer> {
  if (fault.kind !== 'cached' || answer.status !== 200) return answer;
  const whole = { ...answer, body: await wholeBody(answer.body) };
  context.state.cache.set(keyOf(context.call), { answer: whole, at: context.world.clock.now() });
  return whole;
}

function keyOf({ path, query }: FaultContext['call']): string {
  return `${path}?${query.toString()}`;
}
