/** The parts of the exporter that commands use. They are imported when a command runs, so that `--help` and a wrong flag answer at once. */
import type * as appModule from '../app.ts';
import type * as simulatorModule from '../simulator/run-simulator.ts';

export type Build = { readonly version: string; readonly revision: string };

export type AppParts = typeof appModule;
export type SimulatorParts = typeof simulatorModule;

export type Parts = {
  readonly app: () => Promise<AppParts>;
  readonly simulator: () => Promise<Pick<SimulatorParts, 'runSimulator'>>;
};

/** The real ones. */
export const PARTS: Parts = {
  app: () => import('../app.ts'),
  simulator: () => import('../simulator/run-simulator.ts'),
};
