/** Random schedules of the one-session model, all settings in turn. */
import { explain, playBatch, type Tally, together, unexpected } from '../../test/model/accounting/batch.ts';
import { SETTING_NAMES, type SettingName } from '../../test/model/accounting/settings.ts';
import { KINDS } from '../../test/model/accounting/verdict.ts';

/** Schedules of a setting before the next one has its turn. */
const BATCH = 200;

/** Plays until the time has come, and at least each setting once. False when something happened that the rules do not allow. */
export function fuzzSession(seed: number, until: number, say: (line: string) => void): boolean {
  const tallies = new Map<SettingName, Tally>();
  for (let from = seed; ; from += BATCH) {
    for (const name of SETTING_NAMES) {
      const tally = together(tallies.get(name) ?? null, playBatch(name, from, BATCH));
      tallies.set(name, tally);
      if (unexpected(name, tally).length > 0) return report(name, tally, say);
    }
    if (Date.now() >= until) break;
  }
  for (const [name, tally] of tallies) say(lineOf(name, tally));
  return true;
}

function report(name: SettingName, tally: Tally, say: (line: string) => void): false {
  for (const { kind, count, seed } of unexpected(name, tally)) {
    say(`FAILED ${name}: ${kind}, ${count} times in ${tally.played} schedules, first with seed ${seed}:`);
    for (const line of explain(name, seed, kind).trace) say(`  ${line}`);
  }
  return false;
}

function lineOf(name: SettingName, { played, said, violations }: Tally): string {
  const met = KINDS.filter((kind) => violations[kind].count > 0).map(
    (kind) => `${kind} ${violations[kind].count} (largest ${violations[kind].worst})`,
  );
  const exceptions = met.length === 0 ? 'no exception met' : `exceptions: ${met.join(', ')}`;
  return `${name}: ${played} schedules, ${said} fewer and said so, ${exceptions}`;
}
