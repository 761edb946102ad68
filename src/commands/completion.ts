/** `completion`: scripts that complete commands and flags in bash, zsh and fish. Made from the table of flags. */

import { COMMANDS, type CommandName, FLAGS, type FlagSpec } from '../config/flags.ts';
import { COMMAND_SPECS } from './catalog.ts';

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

function bash(): string {
  const cases = COMMANDS.map((name) => `    ${name}) flags="${words(name)} --help" ;;`);
  return `# bash completion: source <(${PROGRAM} completion bash)
_llamacloud_exporter() {
  local word="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}" flags
  if [[ $before == *.file || $before == --output || $before == "=" ]]; then
    COMPREPLY=($(compgen -f -- "\${word#=}"))
    return
  fi
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
  const value = flag.kind === 'switch' ? '' : `:${flag.value}:${flag.value === 'FILE' ? '_files' : ''}`;
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
compdef _llamacloud_exporter ${PROGRAM}
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
    const value = flag.kind === 'switch' ? '' : flag.value === 'FILE' ? ' -r -F' : ' -x';
    return `complete -c ${PROGRAM} -n ${quoted(where)} -l ${flag.name}${value} -d ${quoted(flag.help)}`;
  });
  const shells = `complete -c ${PROGRAM} -f -n '__fish_seen_subcommand_from completion' -a '${SHELLS.join(' ')}'`;
  return `# fish completion: ${PROGRAM} completion fish | source\n${[...commands, ...following, ...options, shells].join('\n')}\n`;
}
