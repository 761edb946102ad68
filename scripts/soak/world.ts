/** The soak's simulator from the outside: its life, its faults, its truth. */
import { endScript, firstLine, startScript } from '../../bench/run/processes.ts';

/** Sums over the runs that ended. */
export type Sums = {
  readonly runs: number;
  readonly failed: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly turns: number;
};

/** What happened since life began; `lost`: runs of sessions that were deleted, which may have gone before anybody could see them. */
export type Truth = { readonly all: Sums; readonly lost: Sums; readonly liveSessions: number };

type Figures = {
  readonly is_error?: boolean | null;
  readonly error?: string | null;
  readonly total_input_tokens?: number | null;
  readonly total_output_tokens?: number | null;
  readonly turns?: number | null;
};
type ProjectSums = {
  readonly id: string;
  readonly runs: number;
  readonly failed_runs: number;
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly turns: number;
};
type SessionTruth = {
  readonly deleted: boolean;
  readonly runs: readonly { readonly finishedAt: number; readonly figures: Figures }[];
};

export class World {
  readonly #child: ReturnType<typeof startScript>;
  readonly url: string;

  private constructor(child: ReturnType<typeof startScript>, url: string) {
    this.#child = child;
    this.url = url;
  }

  /** `script`: another simulator that takes the same arguments. */
  static async start(seed: string, speed: number, script = 'scripts/soak/simulator.ts'): Promise<World> {
    const child = startScript(script, [seed, String(speed)]);
    return new World(child, await firstLine(child));
  }

  /** Lets life begin, or go on; `rest` stops it while the API goes on answering. */
  live(): void {
    this.#child.stdin.write('live\n');
  }

  rest(): void {
    this.#child.stdin.write('rest\n');
  }

  /** Replaces the faults that are on. */
  async faults(rules: readonly object[]): Promise<void> {
    await fetch(`${this.url}/_faults`, { method: 'DELETE' });
    if (rules.length === 0) return;
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(`${this.url}/_faults`, { method: 'POST', headers, body: JSON.stringify(rules) });
    if (!response.ok) throw new Error(`the simulator refused the faults: ${await response.text()}`);
  }

  /** Runs that ended at or after `since`, microseconds. */
  async truth(since: number): Promise<Truth> {
    const response = await fetch(`${this.url}/_truth?sessions=true`);
    const { sessions } = (await response.json()) as { sessions: readonly SessionTruth[] };
    const runsOf = (some: readonly SessionTruth[]): Figures[] =>
      some.flatMap(({ runs }) => runs.filter((run) => run.finishedAt >= since).map((run) => run.figures));
    return {
      all: sumsOf(runsOf(sessions)),
      lost: sumsOf(runsOf(sessions.filter((session) => session.deleted))),
      liveSessions: sessions.filter((session) => !session.deleted).length,
    };
  }

  /** By project id: the runs that ended at or after `since`, microseconds. */
  async byProject(since: number): Promise<ReadonlyMap<string, Sums>> {
    const response = await fetch(`${this.url}/_truth?since=${since}`);
    const { projects } = (await response.json()) as { projects: readonly ProjectSums[] };
    return new Map(
      projects.map((project) => [
        project.id,
        {
          runs: project.runs,
          failed: project.failed_runs,
          inputTokens: project.input_tokens,
          outputTokens: project.output_tokens,
          turns: project.turns,
        },
      ]),
    );
  }

  stop(): Promise<void> {
    return endScript(this.#child);
  }
}

function sumsOf(runs: readonly Figures[]): Sums {
  const sum = (of: (figures: Figures) => number): number => runs.reduce((total, figures) => total + of(figures), 0);
  return {
    runs: runs.length,
    failed: sum(({ is_error, error }) => ((is_error ?? Boolean(error)) ? 1 : 0)),
    inputTokens: sum(({ total_input_tokens }) => total_input_tokens ?? 0),
    outputTokens: sum(({ total_output_tokens }) => total_output_tokens ?? 0),
    turns: sum(({ turns }) => turns ?? 0),
  };
}
