/** What the exporter may and must have counted of one session, from the truth alone. */
import { OUTPUT_PER_INPUT, type RunFigures } from './figures.ts';
import type { SessionWorld, TrueRun, Version } from './session-world.ts';
import type { Ending, Violation } from './verdict.ts';

/** What is counted. */
export type Count = {
  readonly runs: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly unreconciled: number;
};

/** Why less may be counted than there was, and nothing says so (docs/accounting.md). */
export type Excuse = 'last_run' | 'given up' | 'shortened' | 'purged' | 'halves apart' | 'run without a stop';

type FirstSight = { readonly version: Version; readonly counted: number; readonly asYoung: boolean };

export class Oracle {
  readonly #world: SessionWorld;
  readonly #epoch: number;
  readonly #isYoung: boolean;
  readonly #excuses = new Set<Excuse>();
  #first: FirstSight | null = null;
  #hasShownRun = false;
  /** Runs that may be counted beyond those that ended since the epoch. */
  #allowance = 0;
  /** Tokens were told later, and no time moved: nobody looks for them. */
  #isToldSilently = false;
  /** All was verified then, and nothing has happened since that may hide runs. */
  #rest: (Count & { readonly finished: number }) | null = null;

  /** `isYoung`: the session began after the exporter had swept its project twice. */
  constructor(world: SessionWorld, epoch: number, isYoung: boolean) {
    this.#world = world;
    this.#epoch = epoch;
    this.#isYoung = isYoung;
  }

  excuse(why: Excuse): void {
    this.#excuses.add(why);
    this.#rest = null;
  }

  /** The list showed the session for the first time. `asYoung`: two sweeps had not shown it. */
  firstShown(version: Version, counted: number, asYoung: boolean): void {
    if (this.#first !== null) return this.#shownAgain(asYoung);
    this.#first = { version, counted, asYoung };
    const before = this.#world.runs.filter((run) => run.endedAt < this.#epoch).length;
    // Hidden until then: what fits into the time since the last sweep. It lagged: what the lag hid.
    const hidden = asYoung && !this.#isYoung ? before : Math.max(0, before - version.finished);
    // Touched since the epoch; or in progress, and cancelled later.
    const showsOld = version.shown === null || (version.updatedAt >= this.#epoch && version.finished <= before);
    this.#allowance += Math.min(before, hidden + (showsOld ? 1 : 0));
  }

  /** The list showed the session. Until it has shown a run, what was before cannot be told from what is new. */
  shown(version: Version): void {
    this.#hasShownRun ||= version.shown !== null;
  }

  /** Forgotten, and back: all of its runs may fit into the time since the last sweep. */
  #shownAgain(asYoung: boolean): void {
    this.excuse('purged');
    this.#allowance += asYoung ? this.#world.runs.length : 1;
  }

  toldSilently(): void {
    this.#isToldSilently = true;
  }

  isExcused(why: Excuse): boolean {
    return this.#excuses.has(why);
  }

  atRest(count: Count): void {
    if (this.#hasShownRun) this.#rest = { ...count, finished: this.#world.runs.length };
  }

  /** What must hold at every step. */
  tooMuch(count: Count): Violation | null {
    const runs = this.#counting();
    const surplus = count.runs - runs.length - this.#allowance;
    if (surplus > 0) return { kind: 'too many runs', by: surplus };
    const largest = Math.max(0, ...this.#world.runs.map(tokensOf));
    const most = runs.reduce((sum, run) => sum + tokensOf(run), 0) + this.#allowance * largest;
    if (count.inputTokens > most) return { kind: 'too many tokens', by: count.inputTokens - most };
    const output = count.outputTokens / OUTPUT_PER_INPUT;
    return output > count.inputTokens ? { kind: 'too many tokens', by: output - count.inputTokens } : null;
  }

  /** What must hold once all is verified. */
  ending(count: Count): Ending {
    const violation = this.#sinceRest(count) ?? this.#missing(count);
    const isSaid = violation?.kind === 'missing runs' && count.unreconciled > 0;
    return isSaid ? { violation: null, isSaid } : { violation, isSaid };
  }

  /** Since the last rest nothing new was unreconciled, so every run since must be there. */
  #sinceRest({ runs, unreconciled }: Count): Violation | null {
    if (this.#rest === null || unreconciled !== this.#rest.unreconciled) return null;
    const lacking = this.#world.runs.length - this.#rest.finished - (runs - this.#rest.runs);
    return lacking > 0 ? { kind: 'missing runs', by: lacking } : null;
  }

  #missing({ runs, inputTokens }: Count): Violation | null {
    if (this.#first === null || this.#excuses.size > 0) return null;
    const { version, counted, asYoung } = this.#first;
    const isYoung = asYoung && this.#isYoung;
    // What a run in progress hides at first sight cannot be told from older runs.
    if (!isYoung && version.shown === null) return null;
    const counting = this.#counting();
    const since = this.#world.runs.slice(version.finished).filter((run) => run.endedAt >= this.#epoch);
    const least = isYoung ? counting.length : since.length + counted;
    if (runs < least) return { kind: 'missing runs', by: least - runs };
    if (!isYoung || this.#isToldSilently) return null;
    const leastTokens = toldAtTheEnd(counting, this.#world.stops);
    return inputTokens < leastTokens ? { kind: 'missing tokens', by: leastTokens - inputTokens } : null;
  }

  #counting(): readonly TrueRun[] {
    return this.#world.runs.filter((run) => run.endedAt >= this.#epoch);
  }
}

function tokensOf({ figures }: TrueRun): number {
  return figures.tokens ?? 0;
}

/** Tokens of the runs whose stops tell them: what nobody tells cannot be counted. */
function toldAtTheEnd(runs: readonly TrueRun[], stops: readonly RunFigures[]): number {
  const from = stops.length - runs.length;
  return runs.reduce((sum, run, i) => sum + ((stops[from + i]?.tokens ?? null) === null ? 0 : tokensOf(run)), 0);
}
