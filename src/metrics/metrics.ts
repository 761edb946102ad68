/** The entry of `metrics/`: publishes views and serves the rendered snapshot. Read this first. */
import { Registry } from 'prom-client';
import type { Logger } from '../domain/logger.ts';
import { type Observer, SILENT, tellAll } from '../domain/observer.ts';
import type { MemberFacts, ReplicaObserver, SharedFacts } from '../domain/replicas.ts';
import type { Rules } from '../domain/rules.ts';
import type { Publisher, SnapshotSource } from '../domain/serving.ts';
import { type Clock, type Micros, SECOND } from '../domain/time.ts';
import { Common } from './common/common.ts';
import type { Intervals } from './common/facts.ts';
import { commonEvents, NO_EVENTS, showShared } from './common/reports.ts';
import { warnOfDisabled } from './left-out.ts';
import { Accounts } from './live/accounts.ts';
import { createInstruments, type Instruments } from './live/instruments.ts';
import { Live } from './live/live.ts';
import { createMemberInstruments, createReplicaObserver, NO_REPLICAS, showMembers } from './live/members.ts';
import { createObserver } from './live/observer.ts';
import { processRegistry } from './live/process.ts';
import { PublishLoop } from './snapshot/publish-loop.ts';
import { SnapshotBuilder } from './snapshot/snapshot-builder.ts';
import { createSource } from './snapshot/source.ts';
import { TimeSlicer } from './snapshot/time-slicer.ts';

export type Build = { readonly version: string; readonly revision: string; readonly nodeVersion: string };

/** What the exposition needs of a state that several processes share. */
export type SharedState = {
  /** Resolves once everything is put that was committed when it was called; rejects with an ExporterError when that cannot be had. */
  readonly fresh: () => Promise<void>;
  /** Asked at most once a second; null: this process is no member yet. */
  readonly facts: () => MemberFacts | null;
};

export type MetricsOptions = {
  readonly clock: Clock;
  readonly log: Logger;
  readonly rules: Rules;
  readonly build: Build;
  /** Whether `process_*` and `nodejs_*` are shown; they are not in `once`. */
  readonly processMetrics: boolean;
  /** Null: this process alone has the state, and what it puts is published at its pace. */
  readonly shared: SharedState | null;
};

export type Metrics = {
  readonly publisher: Publisher;
  readonly source: SnapshotSource;
  readonly observer: Observer;
  /** Counts what the members of a shared state report. */
  readonly replicas: ReplicaObserver;
  /** After a reload: accounting, error classes, exemplars, budgets, teams and the families that are left out take effect with the next publication. */
  setRules(rules: Rules): void;
  /** Configured polling intervals. */
  setIntervals(intervals: Intervals): void;
  /** When the state was created, once it was opened. With a shared state `setShared` says so. */
  setStateCreated(at: Micros): void;
  /** What all members have committed, as of the last refresh. */
  setShared(facts: SharedFacts): void;
  /** The `llamacloud_*` families in the text format, with all that was put so far. */
  renderOnce(): Promise<string>;
  /** Begins to publish by itself. */
  start(): void;
  /** Resolves when no publication is under way any more. What is shown stays readable. */
  stop(): Promise<void>;
};

/** Makes the room. Nothing happens by itself before `start`, but the first request for a format publishes what was put. */
export function createMetrics({ clock, log, rules, build, processMetrics, shared }: MetricsOptions): Metrics {
  const own = new Registry();
  const instruments = createInstruments(own);
  const accounts = new Accounts(instruments, rules.accounting);
  describeBuild(instruments, build, clock.now());
  const members = shared === null ? null : createMembers(own, shared);
  const common = new Common(shared !== null);
  common.change({ totalBudget: rules.totalBudget });
  const builder = new SnapshotBuilder(rules);
  warnOfDisabled(rules, log);
  const publication = new PublishLoop(builder, clock, log, (at) => measure(builder, instruments, at));
  const live = new Live(processMetrics ? [own, processRegistry()] : [own], clock, members?.show);
  const events = shared === null ? commonEvents(common, () => builder.isSwept) : NO_EVENTS;
  const barrier = shared === null ? null : () => shared.fresh().then(() => publication.caughtUp());
  const stopping = new AbortController();
  let running: Promise<void> = Promise.resolve();

  return {
    publisher: publisherOf(builder, publication),
    source: createSource({ builder, common, live }, publication, barrier),
    observer: tellAll([createObserver(instruments, accounts), { ...SILENT, ...events }]),
    replicas: members?.observer ?? NO_REPLICAS,
    setRules: (next) => {
      accounts.setAccounting(next.accounting);
      builder.setRules(next);
      common.change({ totalBudget: next.totalBudget });
      warnOfDisabled(next, log);
      publication.want();
    },
    setIntervals: (intervals) => common.change({ intervals }),
    setStateCreated: (createdAt) => {
      if (shared === null) common.change({ createdAt });
    },
    setShared: (facts) => showShared(common, facts, builder.isSwept),
    renderOnce: async () => {
      await barrier?.();
      await publication.now(null);
      const { text, series } = await builder.text('text', new TimeSlicer(clock));
      instruments.snapshotSeries.set(series);
      return text + common.text('text') + (await new Live([own], clock, members?.show).text('text'));
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

function createMembers(registry: Registry, shared: SharedState) {
  const instruments = createMemberInstruments(registry);
  return { observer: createReplicaObserver(instruments), show: () => showMembers(instruments, shared.facts()) };
}

function publisherOf(builder: SnapshotBuilder, publication: PublishLoop): Publisher {
  return {
    put: (view) => {
      builder.put(view);
      publication.want();
    },
    drop: (projectId) => {
      builder.drop(projectId);
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

function measure(
  builder: SnapshotBuilder,
  { snapshotSize, snapshotSeries, snapshotTimestamp }: Instruments,
  at: Micros,
): void {
  const renderings = [builder.rendered('text'), builder.rendered('openmetrics')].filter(
    (rendered) => rendered !== null,
  );
  snapshotTimestamp.set(at / SECOND);
  if (renderings.length === 0) return;
  snapshotSize.set(renderings.reduce((sum, rendered) => sum + rendered.bytes, 0));
  snapshotSeries.set(renderings[0]?.series ?? 0);
}
