/** What can happen in the whole-exporter model: to the world, to its API, and to the exporter. */
import fc from 'fast-check';
import type { RuleInput } from '../../src/simulator/faults/switchboard.ts';
import { DATES, MALFORMED, ODD, type OddHistory, PASSING, UNREADABLE } from './faults.ts';

type Fault = RuleInput['fault'];

/** What a reload changes. */
export const CHANGES = ['accounting', 'prices', 'classes', 'buckets', 'indexes', 'selection', 'accounts'] as const;

/** Numbers pick a project or session among those that there are, by remainder. */
export type Operation =
  | { readonly op: 'session'; readonly project: number; readonly runs: number }
  /** A conversation: runs of some seconds with pauses of `pause` seconds. `same`: all with the figures of the last run. */
  | {
      readonly op: 'talk';
      readonly session: number;
      readonly runs: number;
      readonly pause: number;
      readonly failed: boolean;
      readonly same: boolean;
    }
  | {
      readonly op: 'start' | 'finish' | 'cancel' | 'complete' | 'touch' | 'delete' | 'restore' | 'lag' | 'malform';
      readonly session: number;
    }
  | {
      readonly op: 'addProject' | 'discover' | 'save' | 'restart' | 'catchUp' | 'verify' | 'purge' | 'heal';
    }
  /** So many minutes as the process spends them: every project is polled, and what is due is verified, afterwards or meanwhile. */
  | { readonly op: 'minutes'; readonly count: number; readonly overlap: boolean }
  | { readonly op: 'reload'; readonly change: (typeof CHANGES)[number] }
  | {
      readonly op: 'removeProject' | 'restoreProject' | 'renameProject' | 'poll' | 'sweep' | 'freeze';
      readonly project: number;
    }
  | { readonly op: 'shift'; readonly session: number; readonly project: number }
  | { readonly op: 'fault'; readonly fault: Fault; readonly times: number; readonly after: number }
  | { readonly op: 'unreadable'; readonly session: number; readonly fault: Fault }
  | { readonly op: 'odd'; readonly session: number; readonly odd: OddHistory }
  | { readonly op: 'malformed'; readonly session: number; readonly form: (typeof MALFORMED)[number] }
  | { readonly op: 'page'; readonly page: number; readonly status: number }
  | { readonly op: 'date'; readonly rule: RuleInput }
  | { readonly op: 'skew'; readonly minutes: number }
  | { readonly op: 'wait'; readonly seconds: number }
  | { readonly op: 'killDiscovery'; readonly before: boolean }
  | {
      readonly op: 'kill';
      readonly project: number;
      readonly commit: number;
      readonly before: boolean;
      readonly verifying: boolean;
    };

const index = fc.nat(30);
const HOUR = 3600;
const DAY = 24 * HOUR;

const named = <const T extends string>(...names: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...names);

const TALK = fc.record({
  op: named('talk'),
  session: index,
  runs: fc.constantFrom(1, 1, 2, 3, 5, 10),
  pause: fc.constantFrom(2, 20, 25, 60, 200),
  failed: fc.boolean(),
  same: fc.constantFrom(false, false, false, false, true),
});

const WORLD: readonly (readonly [weight: number, arbitrary: fc.Arbitrary<Operation>])[] = [
  [4, fc.record({ op: named('session'), project: index, runs: fc.nat(2) })],
  [16, TALK],
  [6, fc.record({ op: named('start', 'finish', 'complete', 'touch', 'malform', 'cancel'), session: index })],
  [4, fc.record({ op: named('delete', 'restore', 'lag'), session: index })],
  [2, fc.record({ op: named('removeProject', 'restoreProject', 'renameProject', 'freeze'), project: index })],
  [1, fc.record({ op: named('addProject', 'catchUp', 'heal') })],
  [2, fc.record({ op: named('shift'), session: index, project: index })],
  [4, fc.record({ op: named('wait'), seconds: fc.constantFrom(1, 30, 61, 120, 700, HOUR) })],
  [1, fc.record({ op: named('wait'), seconds: fc.constantFrom(6 * HOUR, 2 * DAY, 3 * DAY, 31 * DAY) })],
];

const API: readonly (readonly [weight: number, arbitrary: fc.Arbitrary<Operation>])[] = [
  [
    3,
    fc.record({
      op: named('fault'),
      fault: fc.constantFrom(...PASSING),
      times: fc.integer({ min: 1, max: 4 }),
      after: fc.nat(2),
    }),
  ],
  [2, fc.record({ op: named('unreadable'), session: index, fault: fc.constantFrom(...UNREADABLE) })],
  [2, fc.record({ op: named('odd'), session: index, odd: fc.constantFrom(...ODD) })],
  [1, fc.record({ op: named('malformed'), session: index, form: fc.constantFrom(...MALFORMED) })],
  [1, fc.record({ op: named('page'), page: fc.integer({ min: 1, max: 3 }), status: fc.constantFrom(500, 403, 404) })],
  [1, fc.record({ op: named('date'), rule: fc.constantFrom(...DATES) })],
];

const EXPORTER: readonly (readonly [weight: number, arbitrary: fc.Arbitrary<Operation>])[] = [
  [8, fc.record({ op: named('poll', 'sweep'), project: index })],
  [5, fc.record({ op: named('verify') })],
  [12, fc.record({ op: named('minutes'), count: fc.integer({ min: 1, max: 3 }), overlap: fc.boolean() })],
  [3, fc.record({ op: named('discover', 'restart', 'save', 'purge') })],
  [1, fc.record({ op: named('reload'), change: fc.constantFrom(...CHANGES) })],
  [
    1,
    fc.record({
      op: named('skew'),
      minutes: fc.constantFrom(-10, -1, 0, 0, 1, 10, 180, -180, 44_640, -26_000_000, 29_600_000),
    }),
  ],
  [
    2,
    fc.record({
      op: named('kill'),
      project: index,
      commit: fc.nat(2),
      before: fc.boolean(),
      verifying: fc.boolean(),
    }),
  ],
  [1, fc.record({ op: named('killDiscovery'), before: fc.boolean() })],
];

/** A sequence of operations. */
export const operations: fc.Arbitrary<readonly Operation[]> = fc.array(
  fc.oneof(...[...WORLD, ...API, ...EXPORTER].map(([weight, arbitrary]) => ({ weight, arbitrary }))),
  { minLength: 5, maxLength: 40 },
);
