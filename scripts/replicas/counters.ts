/** Counters in a scrape, by project; and whether they only grow from one scrape to the next, whichever member answers. */
import type { Sums } from '../soak/world.ts';

/** Of one project: value by series, the name with its labels. */
export type Counters = ReadonlyMap<string, number>;

const TYPE = /^# TYPE (\S+) (counter|histogram)$/gm;
const SAMPLE = /^((\w+?)(?:_bucket|_sum|_count)?\{project_id="([^"]+)"[^}]*\}) (\S+)/gm;

/** All series that must never step back, histograms included, by project id. */
export function countersOf(text: string): ReadonlyMap<string, Counters> {
  const families = new Set([...text.matchAll(TYPE)].map(([, name]) => name));
  const projects = new Map<string, Map<string, number>>();
  for (const [, series = '', family = '', project = '', value] of text.matchAll(SAMPLE)) {
    if (!families.has(family)) continue;
    const counters = projects.get(project) ?? new Map<string, number>();
    projects.set(project, counters.set(series, Number(value)));
  }
  return projects;
}

/** What is compared with the truth, in US dollars and units. */
export type Counted = Sums & { readonly cost: number };

export function countedIn(counters: Counters): Counted {
  const sum = (family: string): number =>
    [...counters].reduce((total, [series, value]) => (series.startsWith(`${family}{`) ? total + value : total), 0);
  return {
    runs: sum('llamacloud_chat_runs_total'),
    failed: sum('llamacloud_chat_run_errors_total'),
    inputTokens: sum('llamacloud_chat_input_tokens_total'),
    outputTokens: sum('llamacloud_chat_output_tokens_total'),
    turns: sum('llamacloud_chat_turns_total'),
    cost: sum('llamacloud_chat_cost_usd_total'),
  };
}

/** Remembers the highest value of each counter that was ever seen. */
export class Highest {
  readonly #projects = new Map<string, Map<string, number>>();
  readonly #renewed = new Set<string>();
  #mayRenew = false;
  readonly faults: string[] = [];

  /** From now on each project may begin again at 0, once. */
  allowRenewals(): void {
    this.#mayRenew = true;
  }

  /** Ids of the projects that began again. */
  get renewed(): ReadonlySet<string> {
    return this.#renewed;
  }

  /** `who`: the member that was asked. */
  look(text: string, who: string): void {
    for (const [id, counters] of countersOf(text)) {
      const known = this.#projects.get(id) ?? new Map<string, number>();
      this.#projects.set(id, known);
      const lower = [...counters].filter(([series, value]) => value < (known.get(series) ?? 0));
      if (lower.length > 0 && this.#isRenewal(id, counters)) known.clear();
      else if (lower.length > 0) this.#stepBack(who, lower, known);
      for (const [series, value] of counters) known.set(series, Math.max(value, known.get(series) ?? 0));
    }
  }

  /** All of its runs are at 0; the polls that follow may have been counted already. */
  #isRenewal(id: string, counters: Counters): boolean {
    const { cost: _cost, ...sums } = countedIn(counters);
    if (!this.#mayRenew || this.#renewed.has(id) || Object.values(sums).some((value) => value !== 0)) return false;
    this.#renewed.add(id);
    return true;
  }

  #stepBack(who: string, lower: readonly (readonly [string, number])[], known: Counters): void {
    const [series, value] = lower[0] ?? ['', 0];
    this.faults.push(
      `${who} showed ${lower.length} counters lower than before: ${series} ${value}, was ${known.get(series)}`,
    );
  }
}
