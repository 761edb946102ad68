/** Many schedules of one setting: how they end, and the shortest counterexample. */
import { playSchedule } from './play.ts';
import { type Schedule, scheduleOf, shrink } from './schedule.ts';
import { type SettingName, settingOf } from './settings.ts';
import { KINDS, type Kind } from './verdict.ts';

/** What the schedules of a setting came to. */
export type Tally = {
  readonly played: number;
  readonly said: number;
  /** Schedules that ended in a violation, and the largest one of them. */
  readonly violations: Readonly<
    Record<Kind, { readonly count: number; readonly worst: number; readonly seed: number }>
  >;
};

/** Plays the schedules of `count` seeds, from `from` on. */
export function playBatch(name: SettingName, from: number, count: number): Tally {
  const setting = settingOf(name);
  const violations = Object.fromEntries(KINDS.map((kind) => [kind, { count: 0, worst: 0, seed: 0 }])) as {
    [K in Kind]: { count: number; worst: number; seed: number };
  };
  let said = 0;
  for (let seed = from; seed < from + count; seed++) {
    const { violation, isSaid } = playSchedule(scheduleOf(seed, setting), setting);
    if (isSaid) said += 1;
    if (violation === null) continue;
    const found = violations[violation.kind];
    found.count += 1;
    found.worst = Math.max(found.worst, violation.by);
    if (found.seed === 0) found.seed = seed;
  }
  return { played: count, said, violations };
}

/** The shrunk schedule of a seed that ends in a violation of the kind, and what happens in it. */
export function explain(name: SettingName, seed: number, kind: Kind): { schedule: Schedule; trace: readonly string[] } {
  const setting = settingOf(name);
  const fails = (schedule: Schedule): boolean => playSchedule(schedule, setting).violation?.kind === kind;
  const schedule = shrink(scheduleOf(seed, setting), fails);
  const trace: string[] = [];
  playSchedule(schedule, setting, (line) => trace.push(line));
  return { schedule, trace };
}

/** A kind of violation that must not happen in the setting, or happens too often, with the first seed that shows it. */
export type Unexpected = { readonly kind: Kind; readonly count: number; readonly seed: number };

/** Schedules that may meet an exception: their share, and three deviations and some more by chance. */
function allowed(share: number | undefined, played: number): number {
  if (share === undefined) return 0;
  return share * played + 3 * Math.sqrt(share * played) + 3;
}

/** What of a tally the rules do not allow. */
export function unexpected(name: SettingName, { played, violations }: Tally): readonly Unexpected[] {
  const { exceptions } = settingOf(name);
  return KINDS.flatMap((kind) => {
    const { count, seed } = violations[kind];
    return count > allowed(exceptions[kind], played) ? [{ kind, count, seed }] : [];
  });
}

/** Both tallies of one setting in one; null: none so far. */
export function together(a: Tally | null, b: Tally): Tally {
  if (a === null) return b;
  const violations = Object.fromEntries(
    KINDS.map((kind) => {
      const [x, y] = [a.violations[kind], b.violations[kind]];
      const seed = x.count > 0 ? x.seed : y.seed;
      return [kind, { count: x.count + y.count, worst: Math.max(x.worst, y.worst), seed }];
    }),
  ) as Tally['violations'];
  return { played: a.played + b.played, said: a.said + b.said, violations };
}
