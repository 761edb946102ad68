/** Puts what was read from the database where it is served from. */
import type { SharedFacts } from '../../../domain/replicas.ts';
import type { Publisher } from '../../../domain/serving.ts';
import { type Micros, SECOND } from '../../../domain/time.ts';
import type { Known } from './known.ts';
import type { KnownProject } from './project-rows.ts';
import type { Changes, Seen } from './reader.ts';
import { sharedFacts } from './shared-facts.ts';
import { type Clocks, viewOf } from './view.ts';

/** Where the project part is served from. */
export type Sink = { readonly publisher: Publisher; readonly setShared: (facts: SharedFacts) => void };

/** By so much may the clocks move against each other before all instants are converted again. */
const TOLERATED: Micros = SECOND;

export class Publishing {
  readonly #sink: Sink;
  readonly #lease: Micros;
  /** Our clock minus the database's, as the views that are out have it. */
  #shift: Micros | null = null;

  constructor(sink: Sink, lease: Micros) {
    this.#sink = sink;
    this.#lease = lease;
  }

  /** A part of a round. */
  change({ changed, gone }: Changes, { clocks }: Seen): void {
    for (const { stored } of gone) this.#sink.publisher.drop(stored.project.id);
    for (const project of changed) this.#put(project, clocks);
  }

  /** The end of a round; `known`: all projects. */
  complete(known: Known, { situation, clocks }: Seen): void {
    const shift = clocks.ours - clocks.database;
    this.#shift ??= shift;
    if (Math.abs(shift - this.#shift) > TOLERATED) {
      this.#shift = shift;
      for (const project of known.all()) this.#put(project, clocks);
    }
    this.#sink.setShared(sharedFacts(situation, known, this.#lease));
  }

  #put(project: KnownProject, clocks: Clocks): void {
    const { publisher } = this.#sink;
    if (project.stored.leftAt === null) publisher.put(viewOf(project, clocks));
    else publisher.drop(project.stored.project.id);
  }
}
