/** Scrapes the project part of one member after the other, as a Prometheus behind a load balancer would. */
import { setTimeout as sleep } from 'node:timers/promises';
import { scrape } from '../../bench/run/scrape.ts';
import type { Highest } from './counters.ts';

/** A member to be scraped; null: it does not run now. */
export type Target = { readonly name: string; readonly url: string } | null;

const EVERY_MS = 250;
/** A member that is frozen keeps the connection and never answers. */
const PATIENCE_MS = 5_000;

export class Scraper {
  readonly #targets: () => readonly Target[];
  readonly #highest: Highest;
  readonly #stopping = new AbortController();
  #running: Promise<void> = Promise.resolve();
  /** The newest text. */
  text = '';
  answers = 0;
  /** Refused, 503 or no answer in time. */
  gaps = 0;

  constructor(targets: () => readonly Target[], highest: Highest) {
    this.#targets = targets;
    this.#highest = highest;
  }

  start(): void {
    this.#running = this.#run();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    for (let turn = 0; !this.#stopping.signal.aborted; turn++) {
      const targets = this.#targets();
      const target = targets[turn % targets.length] ?? null;
      if (target !== null) await this.#scrape(target);
      await sleep(EVERY_MS);
    }
  }

  async #scrape({ name, url }: NonNullable<Target>): Promise<void> {
    const text = await Promise.race([scrape(url).catch(() => null), sleep(PATIENCE_MS, null, { ref: false })]);
    if (text === null) {
      this.gaps += 1;
      return;
    }
    this.answers += 1;
    this.text = text;
    this.#highest.look(text, name);
  }
}
