import { projectTruth } from '../../src/simulator/truth.ts';
import type { FinishedRun, Session } from '../../src/simulator/types.ts';
import type { World } from '../../src/simulator/world.ts';

/** What the exporter may have counted of a project: no less than it was shown, no more than there was. */
export type Bounds = {
  readonly least: number;
  readonly most: number;
  readonly leastTokens: number;
  readonly mostTokens: number;
};

/** What is known of one session: input tokens by place of the runs that were shown, and the place of the last run before it was known. */
type Known = { readonly shown: Map<number, number>; readonly baseline: number };

/**
 * Counts in its own way, from the world's truth alone: a run has to be counted once a successful sweep has shown it, and may be counted
 * when it ended, or was shown, at or after the epoch.
 */
export class Oracle {
  readonly #world: World;
  readonly #epochs = new Map<string, number>();
  readonly #known = new Map<string, Known>();
  readonly #swept = new Set<string>();
  readonly #firstSeen = new Set<string>();
  readonly #lagged = new Set<string>();
  readonly #touched = new Map<string, number>();
  readonly #everyRun: boolean;

  constructor(world: World, everyRun: boolean) {
    this.#world = world;
    this.#everyRun = everyRun;
  }

  /** Server time, cut to the second as the Date header has it, when discovery first showed the project; or the discovery before. */
  discovered(projectId: string, epoch: number): void {
    if (!this.#epochs.has(projectId)) this.#epochs.set(projectId, epoch);
  }

  /** A full sweep of the project has succeeded, and nothing in it was altered. `intact`: no history was ever altered either. */
  swept(projectId: string, intact: boolean): void {
    const epoch = this.#epochs.get(projectId);
    if (epoch === undefined) throw new Error(`${projectId} was swept before it was discovered`);
    const isFirst = !this.#swept.has(projectId);
    this.#swept.add(projectId);
    for (const session of this.#sessions(projectId)) {
      if (isFirst) this.#firstSeen.add(session.id);
      this.#see(session, epoch, intact);
    }
  }

  /** A sweep ended that proves nothing: if it was the first, any session may have been first seen after it. */
  sweptSomehow(projectId: string): void {
    this.#swept.add(projectId);
  }

  /** A session whose reads may have been older than the truth: what it ran before the epoch may count. */
  lagged(sessionId: string): void {
    this.#lagged.add(sessionId);
  }

  /** The session's time moved without a run: first seen like that, its last run counts although it may be older than the epoch. */
  touched(session: Session): void {
    this.#touched.set(session.id, session.runs.length - 1);
  }

  bounds(projectId: string): Bounds {
    const epoch = this.#epochs.get(projectId) ?? Number.POSITIVE_INFINITY;
    const all = this.#allSessions(projectId);
    const least = all.flatMap((s) => [...(this.#known.get(s.id)?.shown.values() ?? [])]);
    const most = all.flatMap((s) => s.runs.filter((run, at) => this.#mayCount(s, run, at, epoch)));
    return { least: least.length, most: most.length, leastTokens: sum(least), mostTokens: sum(most.map(tokensOf)) };
  }

  /** Truth of what the gauges show once all is at rest. */
  gauges(projectId: string): ReturnType<typeof projectTruth> {
    return projectTruth(this.#world.projects.known(projectId));
  }

  hasEpoch(projectId: string): boolean {
    return this.#epochs.has(projectId);
  }

  #mayCount(session: Session, run: FinishedRun, at: number, epoch: number): boolean {
    if (this.#touched.get(session.id) === at) return true;
    const lateKnown = this.#everyRun && !this.#firstSeen.has(session.id);
    return (
      run.finishedAt >= epoch ||
      lateKnown ||
      this.#lagged.has(session.id) ||
      (this.#known.get(session.id)?.shown.has(at) ?? false)
    );
  }

  #see(session: Session, epoch: number, intact: boolean): void {
    const at = visibleRun(session);
    const before = this.#known.get(session.id);
    if (before === undefined) {
      const counts = at >= 0 && (session.runs[at] as FinishedRun).finishedAt >= epoch;
      // What a run in progress hides in the first sweep cannot be told from older runs: with every_run it is baseline.
      const hidden = this.#everyRun && at < 0;
      const old = session.runs.findLastIndex((run) => hidden || run.finishedAt < epoch);
      this.#known.set(session.id, { shown: new Map(), baseline: counts ? at - 1 : Math.max(at, old) });
    }
    const known = this.#known.get(session.id) as Known;
    if (this.#isLost(session, at, known, intact)) return;
    if (at > known.baseline) known.shown.set(at, tokensOf(session.runs[at] as FinishedRun));
    if (!this.#everyRun || !intact || before === undefined) return;
    for (let i = known.baseline + 1; i <= at; i++) known.shown.set(i, tokensOf(session.runs[i] as FinishedRun));
  }

  /**
   * Runs of the same figures: `last_run` cannot tell them apart, and `every_run` cannot where the run before the first history is one of
   * them (design.md, rule 8).
   */
  #isLost({ runs }: Session, at: number, known: Known, intact: boolean): boolean {
    const twin = (of: number): boolean => runs.some((run, i) => i !== of && isSame(run, runs[of]));
    return (this.#everyRun && twin(known.baseline)) || (!(this.#everyRun && intact) && twin(at));
  }

  #sessions(projectId: string): readonly Session[] {
    return this.#allSessions(projectId).filter((session) => session.current !== null && session.wire === null);
  }

  #allSessions(projectId: string): readonly Session[] {
    return this.#world.projects.known(projectId).sessions;
  }
}

/** Place of the run that the list shows; -1 while it shows none. */
export function visibleRun(session: Session): number {
  const metadata = session.current?.metadata ?? null;
  const isRun = metadata !== null && (metadata['duration_ms'] ?? metadata['is_error'] ?? null) !== null;
  return isRun ? session.runs.length - 1 : -1;
}

function isSame(a: FinishedRun, b: FinishedRun | undefined): boolean {
  return b !== undefined && JSON.stringify(a.figures) === JSON.stringify(b.figures);
}

function tokensOf(run: FinishedRun): number {
  return run.figures.total_input_tokens ?? 0;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => a + b, 0);
}
