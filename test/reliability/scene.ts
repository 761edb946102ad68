/** The exporter from the API to the exposition, in front of a simulator with one fault at a time. Waits take no real time. */
import { onTestFinished } from 'vitest';
import type { PollKind } from '../../src/domain/polls.ts';
import { type Simulator, startSimulator } from '../../src/simulator/api/server.ts';
import type { RuleInput } from '../../src/simulator/faults/switchboard.ts';
import { isoMicros, ManualClock } from '../../src/simulator/world/clock.ts';
import { succeeded } from '../../src/simulator/world/runs.ts';
import type { Session } from '../../src/simulator/world/types.ts';
import { createWorld, type World } from '../../src/simulator/world/world.ts';
import { VirtualClock } from '../model/virtual-clock.ts';
import { type ExporterOptions, SceneExporter } from './exporter.ts';

export type SceneOptions = ExporterOptions & {
  readonly sessions: number;
  /** Runs before the exporter starts. */
  readonly prepare: (scene: Scene) => void;
};

const DEFAULTS: SceneOptions = {
  accounting: 'every_run',
  pageSize: 3,
  sessions: 7,
  requestTimeoutMs: 60,
  prepare: () => {},
};
const HOUR_MS = 3_600_000;

export class Scene {
  readonly world: World;
  readonly clock: VirtualClock;
  readonly simulator: Simulator;
  readonly exporter: SceneExporter;
  readonly project: string;
  #nthRun = 0;
  #since = 0;
  #closed = false;

  private constructor(world: World, clock: VirtualClock, simulator: Simulator, project: string, options: SceneOptions) {
    this.world = world;
    this.clock = clock;
    this.simulator = simulator;
    this.project = project;
    this.exporter = new SceneExporter(clock, simulator.url, options);
  }

  /** A project of seven sessions in three pages, if not said otherwise, discovered and swept; `name`: of the project. */
  static async start(name = 'Support', changes: Partial<SceneOptions> = {}): Promise<Scene> {
    const options = { ...DEFAULTS, ...changes };
    const manual = new ManualClock('2026-06-01T12:00:00Z');
    const world = createWorld({
      seed: name.slice(0, 8),
      clock: manual,
      order: 'newest',
      pageSizeMax: options.pageSize,
    });
    const simulator = await startSimulator({ world });
    const scene = new Scene(world, new VirtualClock(manual), simulator, world.addProject({ name }).id, options);
    onTestFinished(async () => {
      await scene.close();
      scene.exporter.clean();
    });
    for (let i = 0; i < options.sessions; i++) world.addSession(scene.project);
    scene.runEach();
    options.prepare(scene);
    scene.clock.pass(HOUR_MS);
    await scene.exporter.start();
    await scene.exporter.discover();
    await scene.poll();
    scene.clock.pass(HOUR_MS);
    scene.#since = world.clock.now();
    return scene;
  }

  get sessions(): readonly Session[] {
    return this.world.projects.known(this.project).sessions;
  }

  /** One run in every session. */
  runEach(): void {
    for (const { id } of this.sessions) {
      const n = ++this.#nthRun;
      this.world.runOnce(id, succeeded(1000 + n, n, 2 * n, 3));
    }
  }

  /** The list shows the session with other fields than it has; with none: as it is. Its history does too. */
  wire(id: string, fields: Readonly<Record<string, unknown>> | null): void {
    const { updatedAt, metadata } = this.world.session(id).current ?? { updatedAt: 0, metadata: null };
    const item = { session_id: id, last_updated_at: isoMicros(updatedAt), job_metadata: metadata };
    this.world.setWire(id, fields === null ? null : JSON.stringify({ ...item, ...fields }));
  }

  /** Values of a metric by `reason` that are not 0. */
  async reasons(name: string): Promise<Readonly<Record<string, number>>> {
    const found = [...(await this.series(name))].filter(([, value]) => value > 0);
    return Object.fromEntries(found.map(([labels, value]) => [/reason="(\w+)"/.exec(labels)?.[1] ?? '', value]));
  }

  fault(fault: RuleInput['fault'], match: RuleInput['match'] = { endpoint: 'list' }): void {
    this.simulator.faults.add({ match, fault });
  }

  /** A full sweep, if not said otherwise, after so many seconds. Null: it succeeded; else the reason of the failure that was counted. */
  async poll(kind: PollKind | 'due' = 'full', seconds = 1): Promise<string | null> {
    this.clock.pass(seconds * 1000);
    const before = await this.series('llamacloud_exporter_poll_failures_total');
    const error = await this.exporter.poll(this.project, kind);
    if (error === null) return null;
    const after = await this.series('llamacloud_exporter_poll_failures_total');
    const grown = [...after].find(([labels, value]) => value > (before.get(labels) ?? 0))?.[0] ?? '';
    return /reason="(\w+)"/.exec(grown)?.[1] ?? 'uncounted';
  }

  /** Lets `seconds` pass, then reads every history that is due. By default that is after a rest of one interval. */
  async verify(seconds = 60): Promise<void> {
    this.clock.pass(seconds * 1000);
    await this.exporter.verify();
  }

  scrape(): Promise<string> {
    return this.exporter.scrape();
  }

  /** Values of a metric by their labels. */
  async series(name: string): Promise<ReadonlyMap<string, number>> {
    const text = await this.exporter.scrape();
    const found = text.matchAll(new RegExp(`^${name}\\{(.*)\\} (\\S+)$`, 'gm'));
    return new Map([...found].map(([, labels = '', value]) => [labels, Number(value)]));
  }

  /** Sum of a metric over its series of one project. */
  async sum(name: string, projectId = this.project): Promise<number> {
    const series = [...(await this.series(name))].filter(([labels]) => labels.includes(`project_id="${projectId}"`));
    return series.reduce((total, [, value]) => total + value, 0);
  }

  /** What was counted, and what happened since the scene began. */
  async counted(): Promise<{ readonly runs: number; readonly inputTokens: number }> {
    const [runs, inputTokens] = [
      await this.sum('llamacloud_chat_runs_total'),
      await this.sum('llamacloud_chat_input_tokens_total'),
    ];
    return { runs, inputTokens };
  }

  happened(): { readonly runs: number; readonly inputTokens: number } {
    const runs = this.sessions.flatMap((session) => session.runs.filter((run) => run.finishedAt >= this.#since));
    return {
      runs: runs.length,
      inputTokens: runs.reduce((sum, run) => sum + (run.figures.total_input_tokens ?? 0), 0),
    };
  }

  /** Stops in order; the files stay until the test ends. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.exporter.stop();
    await this.simulator.stop();
  }
}
