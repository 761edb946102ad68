/** The commands: their names, and what `--help` says about them. Read this first in `commands/`. */
import { ACCOUNT_VARIABLES } from '../config/flags/environment.ts';
import { type CommandName, FLAGS, type FlagSpec } from '../config/flags/flags.ts';
import type { Command } from './invocation.ts';

export type CommandSpec = {
  readonly name: CommandName;
  readonly summary: string;
  readonly description: string;
  /** Imports the command when it runs, so that other commands do not pay for loading it. */
  readonly run: Command;
  /** The word that has to follow the name; null: none may. */
  readonly action: string | null;
  readonly examples: readonly string[];
};

export const COMMAND_SPECS: readonly CommandSpec[] = [
  {
    name: 'serve',
    summary: 'run the exporter (default)',
    description: 'Polls the chat sessions of every project and serves the counts to Prometheus.',
    run: async (invocation) => (await import('./serve.ts')).serve(invocation),
    action: null,
    examples: [
      'LLAMA_CLOUD_API_KEY=llx-... llamacloud-exporter',
      'llamacloud-exporter --config.file=llamacloud-exporter.yml --config.check',
    ],
  },
  {
    name: 'once',
    summary: 'poll every project once, write the metrics, exit',
    description:
      'Polls every project once and writes the metrics to stdout or a file. Exits 1 if any project failed. A file shows new counters at 0 ' +
      'before the polls raise them, so that Prometheus sees the increase; stdout shows only the result.',
    run: async (invocation) => (await import('./once.ts')).once(invocation),
    action: null,
    examples: ['llamacloud-exporter once --output=/var/lib/node_exporter/textfile/llamacloud.prom'],
  },
  {
    name: 'check',
    summary: 'try the configuration, the database, the key and every project',
    description:
      'Tries the configuration, a shared database, the key, discovery, and one page and one event history of each project; says what fails and how to fix it.',
    run: async (invocation) => (await import('./check/check.ts')).check(invocation),
    action: null,
    examples: ['LLAMA_CLOUD_API_KEY=llx-... llamacloud-exporter check'],
  },
  {
    name: 'state',
    summary: 'renew a state on PostgreSQL after a restored backup',
    description:
      'After a restored backup: counters start at 0, what is recorded is the baseline, and nothing is counted twice. No replica may be running.',
    run: async (invocation) => (await import('./state-renew.ts')).stateRenew(invocation),
    action: 'renew',
    examples: [
      'llamacloud-exporter state renew --config.file=llamacloud-exporter.yml',
      'llamacloud-exporter state renew --keep --config.file=llamacloud-exporter.yml',
    ],
  },
  {
    name: 'simulate',
    summary: 'run a simulated LlamaCloud API',
    description:
      'A simulated LlamaCloud API, in which people talk to agents. docs/simulator.md says how to make it fail.',
    run: async (invocation) => (await import('./demo/simulate.ts')).simulate(invocation),
    action: null,
    examples: ['llamacloud-exporter simulate --speed=20 --projects=10'],
  },
  {
    name: 'demo',
    summary: 'run simulator and exporter together, no key needed',
    description:
      'Runs the simulator and the exporter in one terminal. Nothing is kept, and nothing leaves this machine.',
    run: async (invocation) => (await import('./demo/demo.ts')).demo(invocation),
    action: null,
    examples: ['llamacloud-exporter demo'],
  },
];

/** The flags of a command, in the order of the table. */
export function flagsOf(name: CommandName): readonly FlagSpec[] {
  return FLAGS.filter((flag: FlagSpec) => flag.commands.includes(name));
}

/** Follows the help of commands that poll. */
export function environmentHelp(): string {
  const widest = Math.max(...ACCOUNT_VARIABLES.map(({ name }) => name.length));
  return [
    'Environment:',
    ...ACCOUNT_VARIABLES.map(({ name, help }) => `  ${name.padEnd(widest)}  ${help}`),
    '',
    '  Each of these flags is a variable too: LLAMACLOUD_EXPORTER_ and upper case,',
    '  "." and "-" as "_", like LLAMACLOUD_EXPORTER_WEB_LISTEN_ADDRESS.',
    '  Precedence: flag, environment, file, default.',
  ].join('\n');
}
