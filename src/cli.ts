/** The command line: hands the table of flags to commander and runs a command. Wrong usage exits 2 with one sentence. */
import { Argument, Command, CommanderError, Help, Option } from 'commander';

import { environment, readBuild, versionText } from './commands/build.ts';
import { COMMAND_SPECS, type CommandSpec, environmentHelp, flagsOf } from './commands/commands.ts';
import { completion, SHELLS, type Shell } from './commands/completion.ts';
import { flagsFrom, optionOf } from './commands/options.ts';
import { PARTS, type Parts } from './commands/parts.ts';
import { guardEarly, report } from './commands/process/errors.ts';
import { nearest } from './config/suggest.ts';

const PROGRAM = 'llamacloud-exporter';
const HINT = `See ${PROGRAM} --help.`;

/** Runs a command line (without node and script) and answers the exit code: 0 done, 1 failed, 2 wrong usage or configuration. */
export async function run(argv: readonly string[], parts: Parts = PARTS): Promise<number> {
  guardEarly();
  if (argv.includes('--version') || argv.includes('-V')) {
    process.stdout.write(versionText(readBuild(environment())));
    return 0;
  }
  let exitCode = 0;
  try {
    await program(parts, (code) => (exitCode = code)).parseAsync(argv, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (!(error instanceof CommanderError)) return report(error);
    return error.exitCode === 0 ? 0 : 2; // commander has written its help or its message by now
  }
}

type Exit = (code: number) => void;

function program(parts: Parts, exit: Exit): Command {
  const root = configured(new Command(PROGRAM))
    .description('Prometheus exporter for LlamaCloud chat agents: runs, tokens, cost, errors and durations.')
    .usage('[command] [flags]')
    .helpCommand(false)
    .commandsGroup('Commands:');
  for (const spec of COMMAND_SPECS) addCommand(root, spec, parts, exit);
  addCompletion(root);
  const more = `${PROGRAM} COMMAND --help shows more about a command.`;
  return root.configureHelp(rootHelp(root)).addHelpText('after', `\n${environmentHelp()}\n\n${more}`);
}

/** The help of the program shows the flags of serve, the default command, too; its commands stand first. */
function rootHelp(root: Command): Partial<Help> {
  const plain = new Help();
  const flags = root.commands.find((command) => command.name() === 'serve')?.options ?? [];
  return {
    ...HELP,
    visibleOptions: (command) => [
      ...flags,
      new Option('-V, --version', 'Print the version.'),
      ...plain.visibleOptions(command),
    ],
    formatHelp: (command, helper) => commandsFirst(plain.formatHelp(command, helper)),
  };
}

/** Moves the block of the commands from the end to behind the description. */
function commandsFirst(help: string): string {
  const blocks = help.trimEnd().split('\n\n');
  const commands = blocks.filter((block) => block.startsWith('Commands:'));
  const rest = blocks.filter((block) => !block.startsWith('Commands:'));
  return `${[...rest.slice(0, 2), ...commands, ...rest.slice(2)].join('\n\n')}\n`;
}

const HELP: Partial<Help> = {
  subcommandTerm: (command) => command.name(),
  styleTitle: (title) => title.replace('Options:', 'Other:'),
};

/** Wrong usage: one sentence on stderr with a hint, and exit code 2 by the error that is thrown. */
function configured(command: Command): Command {
  return command
    .exitOverride()
    .showSuggestionAfterError(false)
    .helpOption('-h, --help', 'Print this help.')
    .configureHelp(HELP)
    .configureOutput({ outputError: (text, write) => write(`${PROGRAM}: ${usageError(text, command)} ${HINT}\n`) });
}

/** `error: unknown option '--x=1'` in one sentence, with what was probably meant. */
function usageError(text: string, command: Command): string {
  const sentence = text
    .trim()
    .replace(/^error: /, '')
    .replace(/^option ('\S+) <\w+>'/, "option $1'");
  const unknown = /^unknown option '--([^'=]+)/.exec(sentence)?.[1];
  const names = command.options.map((option) => option.name());
  const meant = unknown === undefined ? null : nearest(unknown, names);
  if (meant !== null) return `unknown option '--${unknown}'; did you mean --${meant}?`;
  return /[.?]$/.test(sentence) ? sentence : `${sentence}.`;
}

function addCommand(root: Command, spec: CommandSpec, parts: Parts, exit: Exit): void {
  const command = configured(root.command(spec.name, { isDefault: spec.name === 'serve' }))
    .summary(spec.summary)
    .description(spec.description)
    .usage(spec.action === null ? '[flags]' : `${spec.action} [flags]`)
    .argument('[words...]')
    .action(async (words: readonly string[], options: Readonly<Record<string, unknown>>) => {
      const extra = spec.action === null ? words : afterAction(command, spec.action, words);
      if (extra.length > 0) refuse(command, extra[0] ?? '');
      const env = environment();
      exit(await spec.run({ flags: flagsFrom(spec.name, options), env, parts, build: readBuild(env) }));
    });
  for (const flag of flagsOf(spec.name)) command.addOption(optionOf(flag, spec.name));
  command.addHelpText('after', `\n${tail(spec)}`);
}

function tail({ name, examples }: CommandSpec): string {
  const polls = flagsOf(name).some((flag) => flag.name === 'config.file');
  return [...(polls ? [environmentHelp(), ''] : []), 'Examples:', ...examples.map((example) => `  ${example}`)].join(
    '\n',
  );
}

/** The words behind the one that has to be first. */
function afterAction(command: Command, action: string, [first, ...rest]: readonly string[]): readonly string[] {
  if (first === action) return rest;
  return command.error(
    `error: ${command.name()} must be followed by '${action}'${first === undefined ? '' : `, not '${first}'`}`,
  );
}

/** A word that is no command reaches the default command as an operand. */
function refuse(command: Command, word: string): never {
  const isServe = command.name() === 'serve' && command.args[0] === word;
  const names = [...COMMAND_SPECS.map(({ name }) => name), 'completion'];
  const meant = isServe ? nearest(word, names) : null;
  const what = isServe ? `unknown command '${word}'` : `unexpected argument '${word}'`;
  return command.error(`${what}${meant === null ? '' : `; did you mean ${meant}?`}`);
}

function addCompletion(root: Command): void {
  configured(root.command('completion'))
    .summary('print a completion script for a shell')
    .description('Prints a script that completes commands, flags and their values.')
    .usage('bash|zsh|fish')
    .addArgument(new Argument('<shell>', 'The shell.').choices([...SHELLS]))
    .action((shell: Shell) => {
      process.stdout.write(completion(shell));
    })
    .addHelpText('after', `\nExamples:\n  source <(${PROGRAM} completion bash)`);
}
