/** What the worlds of the whole-exporter model are like. */
import fc from 'fast-check';
import type { RuleInput } from '../../src/simulator/faults/switchboard.ts';

type Form = 'same' | 'rounded' | 'share' | 'otherErrors' | 'withoutTokens' | 'tokensLater';

/** How histories tell the runs that the list shows: from the first request to the last, or list and history would contradict themselves. */
export const FORMS: Readonly<Record<Form, RuleInput['fault'] | null>> = {
  same: null,
  rounded: { kind: 'figures', round_ms: 1 },
  share: { kind: 'figures', add_share: 0.0008 },
  otherErrors: { kind: 'figures', error: 'told in other words', half: 'events' },
  withoutTokens: { kind: 'figures', nulls: ['total_input_tokens'], half: 'events' },
  tokensLater: { kind: 'figures', nulls: ['total_input_tokens', 'turns'], null_for_ms: 600_000, half: 'events' },
};

export type Setting = {
  readonly seed: string;
  readonly order: 'newest' | 'oldest' | 'id';
  readonly accounting: 'last_run' | 'every_run';
  readonly form: Form;
  /** Complete sweeps before the sequence begins: after two, sessions that come later are young. */
  readonly sweeps: 0 | 1 | 2;
  /** Requests in flight at most; histories have half of them. */
  readonly concurrency: 2 | 4;
};

export const settings: fc.Arbitrary<Setting> = fc.record({
  seed: fc.string({ minLength: 1, maxLength: 8 }),
  order: fc.constantFrom('newest' as const, 'newest' as const, 'oldest' as const, 'id' as const),
  accounting: fc.constantFrom('every_run' as const, 'every_run' as const, 'every_run' as const, 'last_run' as const),
  form: fc.constantFrom('same' as const, 'same' as const, ...(Object.keys(FORMS) as Form[])),
  sweeps: fc.constantFrom(0 as const, 1 as const, 2 as const, 2 as const),
  concurrency: fc.constantFrom(2 as const, 4 as const),
});
