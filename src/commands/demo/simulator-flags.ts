/** Reads the flags that `simulate` and `demo` share. */
import { LISTEN_WANTED, parseListenAddress } from '../../config/addresses.ts';
import type { Environment } from '../../config/flags/environment.ts';
import { defaultOf, type FlagName, type Flags, flagSpec } from '../../config/flags/flags.ts';
import { logSettings, Settings } from '../../config/flags/settings.ts';
import { Problems } from '../../config/problems.ts';
import type { LogSettings } from '../../config/types.ts';
import type { SimulationOptions } from '../../simulator/run-simulator.ts';

const ORDERS = ['newest', 'oldest', 'id'] as const;

export type SimulationFlags = {
  readonly options: Omit<SimulationOptions, 'apiKey' | 'alive'>;
  readonly log: LogSettings;
};

/** Reads the flags of `simulate` or `demo`; rejects what is wrong with an ExporterError of code `config`. */
export function simulationFlags(flags: Flags, env: Environment, command: 'simulate' | 'demo'): SimulationFlags {
  const preset = (name: FlagName): string => defaultOf(flagSpec(name), command);
  const problems = new Problems();
  const settings = new Settings(flags, env, problems);
  const log = logSettings(settings);
  const options = {
    listenAddress: settings.parsed('listen-address', preset('listen-address'), LISTEN_WANTED, (text) =>
      parseListenAddress(text) === null ? null : text,
    ),
    seed: settings.parsed('seed', preset('seed'), 'a number or a word', (text) =>
      /^[\w.-]{1,64}$/.test(text) ? text : null,
    ),
    speed: settings.parsed('speed', Number(preset('speed')), 'a number from 0.01 to 10000', number(0.01, 10_000)),
    order: settings.parsed<(typeof ORDERS)[number]>(
      'order',
      preset('order') as (typeof ORDERS)[number],
      'newest, oldest or id',
      (text) => ORDERS.find((o) => o === text) ?? null,
    ),
    projects: settings.parsed('projects', Number(preset('projects')), 'a whole number from 1 to 1000', (text) =>
      /^\d+$/.test(text) ? number(1, 1000)(text) : null,
    ),
  };
  if (!problems.none) throw problems.toError();
  return { options, log };
}

const number =
  (least: number, most: number) =>
  (text: string): number | null => {
    const value = Number(text);
    return text.trim() !== '' && value >= least && value <= most ? value : null;
  };
