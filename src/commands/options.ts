/** Translates between the table of flags and commander: a flag as its option, and what it parsed as flags. */
import { InvalidArgumentError, Option } from 'commander';

import { type CommandName, defaultOf, type FlagSpec, type Flags } from '../config/flags/flags.ts';
import { flagsOf } from './commands.ts';

/** A flag as an option of commander. A flag that is not repeatable must not be given twice, because it is unclear which one was meant. */
export function optionOf(spec: FlagSpec, command: CommandName): Option {
  const value = spec.kind === 'switch' ? '' : ` <${spec.value}>`;
  const usual = defaultOf(spec, command);
  const preset = usual === '' ? '' : ` (default: ${usual})`;
  const option = new Option(`--${spec.name}${value}`, spec.help + preset).helpGroup(`${spec.group}:`);
  if (spec.kind === 'list')
    option.argParser<readonly string[] | undefined>((text, before) => [...(before ?? []), text]);
  if (spec.kind === 'text') option.argParser<string | undefined>(once);
  return option;
}

function once(text: string, before: string | undefined): string {
  if (before !== undefined) throw new InvalidArgumentError('It was given twice.');
  return text;
}

/** The values that commander parsed, by the names of the flags. */
export function flagsFrom(command: CommandName, parsed: Readonly<Record<string, unknown>>): Flags {
  const given = flagsOf(command)
    .map((spec) => [spec.name, parsed[optionOf(spec, command).attributeName()]] as const)
    .filter(([, value]) => value !== undefined);
  return Object.fromEntries(given);
}
