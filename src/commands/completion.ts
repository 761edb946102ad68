/** `completion`: scripts that complete commands, flags and their values in bash, zsh and fish. Made from the table of flags. */
import { COMMANDS, type CommandName, FLAGS, type FlagSpec } from '../config/flags/flags.ts';
import { COMMAND_SPECS } from './commands.ts';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

const PROGRAM = 'llamacloud-exporter';

const flags: readonly FlagSpec[] = FLAGS;
const long = (flag: FlagSpec): string => `--${flag.name}${flag.kind === 'switch' ? '' : '='}`;
const words = (name: CommandName): string =>
  [...actions(name), ...flags.filter((f) => f.commands.includes(name)).map(long)].join(' ');
const actions = (name: CommandName): readonly string[] =>
  COMMAND_SPECS.flatMap((spec) => (spec.name === name && spec.action !== null ? [spec.action] : []));

/** The script for a shell, to be sourced or put where the shell looks for completions. */
export function completion(shell: Shell): string {
  return { bash, zsh, fish }[shell]();
}

const isFile = ({ value }: FlagSpec): boolean => value === 'FILE';
const withValue = flags.filter(({ kind }) => kind !== 'switch');

/** What bash offers behind a flag that takes a value: files, the values that there are, or nothing. */
function bashValues(): readonly string[] {
  const listed = withValue.filter(({ values }) => values !== undefined);
  const names = (some: readonly FlagSpec[]): string => some.map(({ name }) => `--${name}`).join('|');
  const rest = withValue.filter((flag) => !isFile(flag) && flag.values === undefined);
  return [
    // A name in each line, as it may hold blanks; readline quotes it, and ends that of a folder with a slash (bash 3 has no compopt).
    `    ${names(withValue.filter(isFile))}) local IFS=$'\\n'; COMPREPLY=($(compgen -f -- "$word")); compopt -o filenames 2>/dev/null; return ;;`,
    ...listed.map(({ name, values = [] }) => {
      return `    --${name}) COMPREPLY=($(compgen -W "${values.join(' ')}" -- "$word")); return ;;`;
    }),
    `    ${names(rest)}) return ;;`,
  ];
}

function bash(): string {
  const cases = COMMANDS.map((name) => `    ${name}) flags="${words(name)} --help" ;;`);
  return `# bash completion: source <(${PROGRAM} completion bash)
_llamacloud_exporter() {
  local word="\${COMP_WORDS[COMP_CWORD]}" flag="\${COMP_WORDS[COMP_CWORD-1]}" flags
  [[ $flag == "=" ]] && flag="\${COMP_WORDS[COMP_CWORD-2]}"
  [[ $word == "=" ]] && word=""
  case "$flag" in
${bashValues().join('\n')}
  esac
  if [[ $COMP_CWORD == 1 && $word != -* ]]; then
    COMPREPLY=($(compgen -W "${COMMANDS.join(' ')} completion" -- "$word"))
    return
  fi
  case "\${COMP_WORDS[1]}" in
${cases.join('\n')}
    completion) flags="${SHELLS.join(' ')}" ;;
    *) flags="${words('serve')} --help --version" ;;
  esac
  COMPREPLY=($(compgen -W "$flags" -- "$word"))
  [[ \${COMPREPLY[0]-} == *= ]] && compopt -o nospace
}
complete -F _llamacloud_exporter ${PROGRAM}
`;
}

/** In single quotes of a shell. */
const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

function zshSpec(flag: FlagSpec): string {
  const help = flag.help.replaceAll(/[[\]:]/g, ' ');
  const offered = isFile(flag) ? '_files' : flag.values === undefined ? '' : `(${flag.values.join(' ')})`;
  const value = flag.kind === 'switch' ? '' : `:${flag.value}:${offered}`;
  return quoted(`${flag.kind === 'list' ? '*' : ''}${long(flag)}[${help}]${value}`);
}

function zsh(): string {
  const cases = COMMANDS.map((name) => {
    const specs = [
      ...actions(name)
        .map((action) => `1:action:(${action})`)
        .map(quoted),
      ...flags.filter((f) => f.commands.includes(name)).map(zshSpec),
    ];
    return `    ${name}) _arguments ${specs.join(' ')} ;;`;
  });
  return `#compdef ${PROGRAM}
# zsh completion: ${PROGRAM} completion zsh > "\${fpath[1]}/_${PROGRAM}"
_llamacloud_exporter() {
  if (( CURRENT == 2 )) && [[ $words[2] != -* ]]; then
    compadd ${COMMANDS.join(' ')} completion
    return
  fi
  local command=serve
  [[ $words[2] != -* ]] && { command=$words[2]; shift words; (( CURRENT-- )) }
  case $command in
${cases.join('\n')}
    completion) compadd ${SHELLS.join(' ')} ;;
  esac
}
# As a file of the function path it is the function itself, called for the first completion; sourced it only defines one.
if [[ \${funcstack[1]} == _${PROGRAM} ]]; then
  _llamacloud_exporter "$@"
else
  compdef _llamacloud_exporter ${PROGRAM}
fi
`;
}

function fish(): string {
  const commands = [...COMMANDS, 'completion'].map(
    (name) => `complete -c ${PROGRAM} -f -n __fish_use_subcommand -a ${name}`,
  );
  const following = COMMANDS.flatMap((name) =>
    actions(name).map((action) => `complete -c ${PROGRAM} -f -n '__fish_seen_subcommand_from ${name}' -a ${action}`),
  );
  const options = flags.map((flag) => {
    const where = flag.commands.includes('serve')
      ? `__fish_use_subcommand; or __fish_seen_subcommand_from ${flag.commands.join(' ')}`
      : `__fish_seen_subcommand_from ${flag.commands.join(' ')}`;
    const offered = flag.values === undefined ? '' : ` -a ${quoted(flag.values.join(' '))}`;
    const value = flag.kind === 'switch' ? '' : isFile(flag) ? ' -r -F' : ` -x${offered}`;
    return `complete -c ${PROGRAM} -n ${quoted(where)} -l ${flag.name}${value} -d ${quoted(flag.help)}`;
  });
  const shells = `complete -c ${PROGRAM} -f -n '__fish_seen_subcommand_from completion' -a '${SHELLS.join(' ')}'`;
  return `# fish completion: ${PROGRAM} completion fish | source\n${[...commands, ...following, ...options, shells].join('\n')}\n`;
}
