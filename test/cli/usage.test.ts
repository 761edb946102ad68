/** Wrong usage exits with 2 and one sentence that helps; `--config.check` reports without starting anything. */
import { describe, expect, test } from 'vitest';

import { run, STACK, scratch } from './program.ts';

const HINT = 'See llamacloud-exporter --help.\n';

describe('wrong usage exits 2', () => {
  test.each([
    [['--web.listen-adress=:1'], "unknown option '--web.listen-adress'; did you mean --web.listen-address?"],
    [['check', '--outptu', 'x'], "unknown option '--outptu'."],
    [['once', '--outptu', 'x'], "unknown option '--outptu'; did you mean --output?"],
    [['-x'], "unknown option '-x'."],
    [['serv'], "unknown command 'serv'; did you mean serve?"],
    [['launch'], "unknown command 'launch'."],
    [['once', 'now'], "unexpected argument 'now'."],
    [['--config.file'], "option '--config.file' argument missing."],
    [['--log.level=info', '--log.level=warn'], "option '--log.level' argument 'warn' is invalid. It was given twice."],
    [
      ['completion', 'csh'],
      "command-argument value 'csh' is invalid for argument 'shell'. Allowed choices are bash, zsh, fish.",
    ],
  ])('%j', async (args, sentence) => {
    expect(await run(args)).toEqual({ code: 2, stdout: '', stderr: `llamacloud-exporter: ${sentence} ${HINT}` });
  });

  test.each([
    [
      [],
      'no API key: set the environment variable LLAMA_CLOUD_API_KEY or LLAMA_CLOUD_API_KEY_FILE, or name a file with accounts by --config.file',
    ],
    [
      ['once'],
      'no API key: set the environment variable LLAMA_CLOUD_API_KEY or LLAMA_CLOUD_API_KEY_FILE, or name a file with accounts by --config.file',
    ],
    [['--config.file=/no/such.yml'], '--config.file: cannot read /no/such.yml: there is no such file'],
    [['simulate', '--speed=fast'], '--speed: found "fast", wanted a number from 0.01 to 10000'],
    [
      ['simulate', '--listen-address=9'],
      '--listen-address: found "9", wanted host:port, [::1]:port or :port, with a port from 0 to 65535',
    ],
    [
      ['demo', '--order=random', '--projects=0'],
      '2 problems in the configuration:\n  - --order: found "random", wanted newest, oldest or id\n  - --projects: found "0", wanted a whole number from 1 to 1000',
    ],
  ])('%j with a sentence', async (args, sentence) => {
    const { code, stdout, stderr } = await run(args, { cwd: scratch() });
    expect({ code, stdout, stderr }).toEqual({ code: 2, stdout: '', stderr: `llamacloud-exporter: ${sentence}\n` });
    expect(stderr).not.toMatch(STACK);
  });
});

describe('--config.check', () => {
  const env = { LLAMA_CLOUD_API_KEY: 'llx-k' };

  test('exits 0 and says what holds', async () => {
    const { code, stdout, stderr } = await run(['--config.check'], { env });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(
      /^The configuration is valid\n {2}accounts {2}default at https:\/\/api\.cloud\.llamaindex\.ai\n/,
    );
  });

  test('exits 1 and says what is wrong', async () => {
    const { code, stderr } = await run(['--config.check', '--log.level=loud'], { env });
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: 'llamacloud-exporter: --log.level: found "loud", wanted debug, info, warn or error\n',
    });
  });

  test('is a variable too', async () => {
    const { code, stdout } = await run([], { env: { ...env, LLAMACLOUD_EXPORTER_CONFIG_CHECK: 'true' } });
    expect(code).toBe(0);
    expect(stdout).toContain('is valid');
  });

  test('reads the web configuration as well', async () => {
    const { code, stderr } = await run(['--config.check', '--web.config.file=/no/such-web.yml'], { env });
    expect(code).toBe(1);
    expect(stderr).toContain('/no/such-web.yml');
    expect(stderr).not.toMatch(STACK);
  });
});
