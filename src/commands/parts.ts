/** The parts of the exporter that commands use. They are imported when a command runs, so that `--help` and a wrong flag answer at once. */
import type { Config } from '../config/types.ts';
import type { ExporterError } from '../domain/errors.ts';
import type { Logger } from '../domain/logger.ts';
import type { SessionSource } from '../domain/source.ts';
import type { StateCheck } from '../domain/state-check.ts';
import type { Clock } from '../domain/time.ts';

export type Build = { readonly version: string; readonly revision: string };

export type AppDeps = Build & {
  readonly logger: Logger;
  readonly clock: Clock;
  /** Reads the configuration again; rejects when it is bad or changes what a running process cannot. */
  readonly reloadConfig: (previous: Config) => Promise<Config>;
};

export interface App {
  /** Opens the state, listens, starts polling. */
  start(): Promise<void>;
  /** URLs that are listened on, after `start`. */
  addresses(): readonly string[];
  reload(): Promise<void>;
  stop(): Promise<void>;
  /** Settles when the app cannot go on. */
  readonly failed: Promise<ExporterError>;
}

export type OnceProgress = {
  readonly projectsDone: number;
  /** 0 until discovery has ended. */
  readonly projects: number;
  readonly sessions: number;
};

type OnceDeps = AppDeps & {
  readonly signal: AbortSignal;
  /** Gets the metrics before the first poll where counters begin that nobody has seen at 0; null: they are not wanted. */
  readonly onZeros: ((text: string) => Promise<void>) | null;
  readonly onProgress: (progress: OnceProgress) => void;
};

/** `project`: its name, or the account's where discovery failed. */
export type FailedProject = { readonly project: string; readonly error: ExporterError };
type OnceResult = { readonly text: string; readonly failedProjects: readonly FailedProject[] };

export type OpenSource = { readonly source: SessionSource; close(): Promise<void> | void };

type AppParts = {
  readonly createApp: (config: Config, deps: AppDeps) => Promise<App>;
  readonly runOnce: (config: Config, deps: OnceDeps) => Promise<OnceResult>;
  /** One per account, in their order. */
  readonly createSources: (config: Config, deps: AppDeps) => readonly OpenSource[];
  /** Writes nothing. Null: nobody shares the state. */
  readonly checkState: (config: Config) => Promise<StateCheck | null>;
  /** Rejects with an ExporterError: of code `config` for a state that cannot be renewed, else `startup`. */
  readonly renewState: (config: Config, deps: AppDeps, keep: boolean) => Promise<RenewedState>;
};

/** `projects`: how many start at 0 again; 0 where they were kept. */
export type RenewedState = { readonly location: string; readonly projects: number };

export type SimulationOptions = {
  readonly listenAddress: string;
  readonly seed: string;
  readonly speed: number;
  readonly order: 'newest' | 'oldest' | 'id';
  readonly projects: number;
  /** Null: any key is accepted. */
  readonly apiKey: string | null;
  /** Whether life begins at once; if not, with `live`. */
  readonly alive: boolean;
};

export type RunningSimulator = { readonly url: string; live(): void; stop(): Promise<void> };
export type SimulatorParts = { readonly runSimulator: (options: SimulationOptions) => Promise<RunningSimulator> };

export type Parts = {
  readonly app: () => Promise<AppParts>;
  readonly simulator: () => Promise<SimulatorParts>;
};

/** The real ones. */
export const PARTS: Parts = {
  app: () => import('../app.ts'),
  simulator: () => import('../simulator/run-simulator.ts'),
};
