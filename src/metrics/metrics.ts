/** The room's front door: everything that is published, and everything that serves it. */
import { Registry } from 'prom-client';
import type { Logger } from '../domain/logger.ts';
import type { Observer } from '../domain/observer.ts';
import type { Rules } from '../domain/rules.ts';
import type { Publisher, SnapshotSource } from '../domain/serving.ts';
import { type Clock, type Micros, SECOND } from '../domain/time.ts';
import { warnOfDisabled } from './left-out.ts';
import { Accounts } from './live/accounts.ts';
import { createInstruments, type Instruments } from './live/instruments.ts';
import { Live } from './live/live.ts';
import { createObserver } from './live/observer.ts';
import { processRegistry } from './live/process.ts';
import { showTotalBudget } from './live/total-budget.ts';
import { Board } from './snapshot/board.ts';
import { Breather } from './snapshot/breather.ts';
import { Publication } from './snapshot/publication.ts';
import { createSource } from './snapshot/source.ts';

export type Build = { readonly version: string; readonly revision: string; readonly nodeVersion: string };

export type MetricsOptions = {
  readonly clock: Clock;
  readonly log: Logger;
  readonly rules: Rules;
  readonly build: Build;
  /** Whether `process_*` and `nodejs_*` are shown; they are not in `once`. */
  readonly processMetrics: boolean;
};

export type Metrics = {
  readonly publisher: Publisher;
  readonly source: SnapshotSource;
  readonly observer: Observer;
  /** After a reload: accounting, error classes, exemplars, budgets, teams and the families that are left out take effect with the next publication. */
  setRules(rules: Rules): void;
  /** Configured polling intervals in seconds. */
  setIntervals(intervals: { readonly headSeconds: number; readonly fullSeconds: number }): void;
  /** When the state was created, once it was opened. */
  setStateCreated(at: Micros): void;
  /** The `llamacloud_*` families in the text format, with all that was put so far. */
  renderOnce(): Promise<string>;
  /** Begins to publish by itself. */
  start(): void;
  /** Resolves when no publication is under way any more. What is shown stays readable. */
  stop(): Promise<void>;
};

/** Makes the room. Nothing happens by itself before `start`, but the first request for a format publishes what was put. */
export function createMetrics({ clock, log, rules, build, processMetrics }: MetricsOptions): Metrics {
  const own = new Registry();
  const instruments = createInstruments(own);
  const accounts = new Accounts(instruments, rules.accounting);
  describeBuild(instruments, build, clock.now());
  const board = new Board(rules);
  showTotalBudget(instruments, rules);
  warnOfDisabled(rules, log);
  const publication = new Publication(board, clock, log, (at) => measure(board, instruments, at));
  const live = new Live(processMetrics ? [own, processRegistry()] : [own], clock);
  const stopping = new AbortController();
  let running: Promise<void> = Promise.resolve();

  return {
    publisher: publisherOf(board, publication),
    source: createSource(board, publication, live),
    observer: createObserver(instruments, accounts),
    setRules: (next) => {
      accounts.setAccounting(next.accounting);
      board.setRules(next);
      showTotalBudget(instruments, next);
      warnOfDisabled(next, log);
      publication.want();
    },
    setIntervals: ({ headSeconds, fullSeconds }) => {
      instruments.pollInterval.set({ kind: 'head' }, headSeconds);
      instruments.pollInterval.set({ kind: 'full' }, fullSeconds);
    },
    setStateCreated: (at) => instruments.stateCreated.set(at / SECOND),
    renderOnce: async () => {
      await publication.now(null);
      const { text, series } = await board.text('text', new Breather(clock));
      instruments.snapshotSeries.set(series);
      return text + (await new Live([own], clock).text('text'));
    },
    start: () => {
      running = publication.run(stopping.signal);
    },
    stop: () => {
      stopping.abort();
      return running;
    },
  };
}

function publisherOf(board: Board, publication: Publication): Publisher {
  return {
    put: (view) => {
      board.put(view);
      publication.want();
    },
    drop: (projectId) => {
      board.drop(projectId);
      publication.want();
    },
  };
}

/** The configuration that the process starts with counts as loaded. */
function describeBuild({ buildInfo, reloadSuccessful, reloadTimestamp }: Instruments, build: Build, now: Micros): void {
  buildInfo.set({ version: build.version, revision: build.revision, node_version: build.nodeVersion }, 1);
  reloadSuccessful.set(1);
  reloadTimestamp.set(now / SECOND);
}

function measure(board: Board, { snapshotSize, snapshotSeries, snapshotTimestamp }: Instruments, at: Micros): void {
  const faces = [board.face('text'), board.face('openmetrics')].filter((face) => face !== null);
  snapshotTimestamp.set(at / SECOND);
  if (faces.length === 0) return;
  snapshotSize.set(faces.reduce((sum, face) => sum + face.bytes, 0));
  snapshotSeries.set(faces[0]?.series ?? 0);
}
