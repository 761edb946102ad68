/** Between the table of flags and commander. */
import { InvalidArgumentError, Option } from 'commander';

import { type CommandName, defaultOf, type FlagSpec, type Flags } from '../config/flags.ts';
import { flagsOf } from './catalog.ts';

/** A flag as commander has it. A flag that is not repeatable must not be given twice: which one was meant? */
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
  if (before !== undefined) throw new InvalidArgumentError('It is given twice.');
  return text;
}

/** What commander parsed, by the names of the flags. */
export function flagsFrom(command: CommandName, parsed: Readonly<Record<string, unknown>>): Flags {
  const given = flagsOf(command)
    .map((spec) => [spec.name, parsed[optionOf(spec, command).attributeName()]] as const)
    .filter(([, value]) => value !== undefined);
  return Object.fromEntries(given);
}
