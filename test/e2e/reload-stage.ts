/** A running exporter over a simulated API with two projects, started before each test of a reload, and what such tests do with it. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, vi } from 'vitest';
import { type Simulator, startSimulator } from '../../src/simulator/api/server.ts';
import { drawOutcome } from '../../src/simulator/workload/conversations.ts';
import { prefill } from '../../src/simulator/workload/prefill.ts';
import { STEADY } from '../../src/simulator/workload/profiles.ts';
import type { Project } from '../../src/simulator/world/projects.ts';
import { Random } from '../../src/simulator/world/random.ts';
import type { FinishedRun } from '../../src/simulator/world/types.ts';
import { createWorld, type World } from '../../src/simulator/world/world.ts';
import { type Configured, QUICK, startConfigured } from './configured.ts';
import { scrapeUntil, valuesOf } from './exporter.ts';

export const PRICES = 'prices: [{ projects: ["*"], input: 3.00, output: 15.00 }]';
export const SUCCESSFUL = 'llamacloud_exporter_config_last_reload_successful{}';

const random = new Random('reload');

export class ReloadStage {
  world!: World;
  simulator!: Simulator;
  support!: Project;
  sales!: Project;
  exporter!: Configured;

  async start(): Promise<void> {
    this.world = createWorld({ seed: 'reload' });
    [this.support, this.sales] = [this.#addProject('Support'), this.#addProject('Sales')];
    this.simulator = await startSimulator({ world: this.world });
    this.exporter = await startConfigured(this.file(QUICK));
    await scrapeUntil(this.exporter, (text) => isRead(text, this.support) && isRead(text, this.sales));
  }

  async stop(): Promise<void> {
    await this.exporter.dispose();
    await this.simulator.stop();
  }

  /** A file with one account, and what else is given. */
  file(more: string, account = ''): string {
    return `accounts: [{ name: default, base_url: "${this.simulator.url}", api_key: llx-reload-key${account} }]\n${more}\n`;
  }

  /** Runs in sessions of their own; with an error text they fail. */
  runSome({ id }: Project, count: number, error: string | null = null): readonly FinishedRun[] {
    return Array.from({ length: count }, () => {
      const outcome = drawOutcome(random, { ...STEADY, failureShare: 0, withoutUsageShare: 0 });
      const told = error === null ? outcome : { cause: null, figures: { ...outcome.figures, is_error: true, error } };
      return this.world.runOnce(this.world.addSession(id).id, told);
    });
  }

  /** Reloads, and answers what is shown then: the exposition is rendered at most once a second. */
  async reloaded(yaml: string): Promise<string> {
    this.exporter.write(yaml);
    const { status, text } = await this.exporter.reload();
    assert.equal(status, 200, text);
    assert.match(text, /read again/);
    await new Promise((resolve) => setTimeout(resolve, 1500));
    return await this.exporter.scrape();
  }

  /** Reloads a file that must be refused, and answers why. */
  async refused(yaml: string): Promise<string> {
    this.exporter.write(yaml);
    const { status, text } = await this.exporter.reload();
    assert.equal(status, 500, text);
    return text;
  }

  #addProject(name: string): Project {
    const made = this.world.addProject({ name, createdAt: 0 });
    prefill(this.world, made, STEADY, 40);
    return made;
  }
}

/** Called at the top of a test file: the stage that each of its tests finds started. */
export function reloadStage(): ReloadStage {
  vi.setConfig({ testTimeout: 90_000 });
  const stage = new ReloadStage();
  beforeEach(() => stage.start());
  afterEach(() => stage.stop());
  return stage;
}

export const valueOf = (text: string, series: string): number | undefined => valuesOf(text).get(series);
export const runsOf = (text: string, { id }: Project): number | undefined =>
  valueOf(text, `llamacloud_chat_runs_total{project_id="${id}"}`);
export const isRead = (text: string, { id }: Project): boolean =>
  text.includes(`llamacloud_chat_sessions{project_id="${id}"`);
