/** Three members as processes: each has a name, and is started again under it after it was ended. */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { Exporter } from '../../bench/run/exporter.ts';
import type { Target } from './scraper.ts';

export const NAMES = ['ada', 'bob', 'cleo'] as const;
export type Name = (typeof NAMES)[number];

/** What the members have in common. */
export type Setting = { readonly folder: string; readonly baseUrl: string; readonly state: string };

/** On a busy machine. */
const STARTS_WITHIN_S = 120;

export class Members {
  readonly #setting: Setting;
  readonly #running = new Map<Name, Exporter>();

  constructor(setting: Setting) {
    this.#setting = setting;
  }

  /** Where the project part of each is; null: it does not run. */
  targets(): readonly Target[] {
    return NAMES.map((name) => {
      const exporter = this.#running.get(name);
      return exporter === undefined ? null : { name, url: `${exporter.metricsUrl}/projects` };
    });
  }

  /** Resolves once it answers; it may not own anything by then. */
  async start(name: Name): Promise<void> {
    const { folder, baseUrl, state } = this.#setting;
    const own = path.join(folder, name);
    mkdirSync(own, { recursive: true });
    const exporter = await Exporter.start({
      folder: own,
      baseUrl,
      state,
      interval: '2s',
      fullSweepInterval: '10s',
      account: 'page_size: 20',
      settings: ['accounting: every_run'],
      nodeOptions: [],
      flags: ['--member.name', name],
    });
    this.#running.set(name, exporter);
    await exporter.until(() => true, STARTS_WITHIN_S);
  }

  of(name: Name): Exporter {
    const exporter = this.#running.get(name);
    if (exporter === undefined) throw new Error(`${name} does not run`);
    return exporter;
  }

  /** As a crash of the machine. */
  async kill(name: Name): Promise<void> {
    const exporter = this.of(name);
    this.#running.delete(name);
    await exporter.kill();
  }

  /** By SIGTERM. */
  async stop(name: Name): Promise<void> {
    const exporter = this.of(name);
    this.#running.delete(name);
    await exporter.stop();
  }

  async stopAll(): Promise<void> {
    await Promise.all([...this.#running.keys()].map((name) => this.stop(name)));
  }
}
