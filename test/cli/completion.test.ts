/** Shell completion, as bash itself evaluates it; zsh and fish at least know every flag. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

import { completion, SHELLS } from '../../src/commands/completion.ts';
import { FLAGS } from '../../src/config/flags/flags.ts';
import { hasProgram } from '../support/tools.ts';
import { run, scratch } from './program.ts';

/** What bash offers for words after the program's name. */
function offered(...words: string[]): readonly string[] {
  const file = `${scratch()}/completion.bash`;
  const list = ['llamacloud-exporter', ...words].map((word) => `'${word}'`).join(' ');
  writeFileSync(
    file,
    `${completion('bash')}\nCOMP_WORDS=(${list}); COMP_CWORD=${words.length}; _llamacloud_exporter 2>/dev/null; printf '%s\\n' "\${COMPREPLY[@]}"`,
  );
  return spawnSync('bash', [file], { encoding: 'utf8' }).stdout.trim().split('\n');
}

describe('completion', () => {
  test('offers commands and their flags in bash', () => {
    expect(offered('')).toEqual(['serve', 'once', 'check', 'state', 'simulate', 'demo', 'completion']);
    expect(offered('si')).toEqual(['simulate']);
    expect(offered('once', '--out')).toEqual(['--output=']);
    expect(offered('--web.c')).toEqual(['--web.config.file=']);
    expect(offered('completion', '')).toEqual([...SHELLS]);
  });

  test.each([
    [
      ['--log.level', '=', ''],
      ['debug', 'info', 'warn', 'error'],
    ],
    [
      ['--log.level', '='],
      ['debug', 'info', 'warn', 'error'],
    ],
    [['once', '--log.format', 'lo'], ['logfmt']],
    [['simulate', '--order', '=', 'n'], ['newest']],
    [['demo', '--speed', '=', ''], ['']],
    [['--config.file', '=', '/etc/hostn'], ['/etc/hostname']],
  ] as const)('offers the values of %j', (words, values) => {
    expect(offered(...words)).toEqual([...values]);
  });

  test('offers a file with blanks in its name as one in bash', () => {
    const folder = scratch();
    writeFileSync(`${folder}/my config.yml`, '');
    expect(offered('--config.file', '=', `${folder}/my`)).toEqual([`${folder}/my config.yml`]);
  });

  test.skipIf(!hasProgram('zsh'))('completes in zsh at the first attempt, from a file of the function path', () => {
    const folder = scratch();
    writeFileSync(`${folder}/_llamacloud-exporter`, completion('zsh'));
    const stubs = 'compadd() { print -r -- "$@" }; compdef() { print defined }';
    const call = 'autoload -U _llamacloud-exporter; words=(llamacloud-exporter ""); CURRENT=2; _llamacloud-exporter';
    const sourced = `source ${folder}/_llamacloud-exporter`;
    const said = (script: string): string =>
      spawnSync('zsh', ['-fc', `fpath=(${folder} $fpath); ${stubs}; ${script}`], { encoding: 'utf8' }).stdout.trim();
    expect(said(call)).toContain('serve once check');
    expect(said(sourced)).toBe('defined');
  });

  test.each(SHELLS)('knows every flag in %s', async (shell) => {
    const { code, stdout } = await run(['completion', shell]);
    expect(code).toBe(0);
    for (const { name } of FLAGS) expect(stdout).toContain(name);
  });
});
