/** Combines flags, environment and file into one validated Config. Precedence: flag, environment, file, default. Read this first in `config/`. */
import { dirname, resolve } from 'node:path';
import { formatDuration } from '../domain/duration.ts';
import { ExporterError } from '../domain/errors.ts';
import { makeAccounts } from './accounts/accounts.ts';
import type { OnSecret } from './accounts/secrets.ts';
import { formatListenAddress } from './addresses.ts';
import { readText, type ValidatedFile, validate } from './file/file.ts';
import { ignoredBudgets, makeRules } from './file/rules.ts';
import { rulesHash } from './file/rules-hash.ts';
import type { Sections } from './file/schema.ts';
import { type Environment, variable } from './flags/environment.ts';
import { type Flags, flagSpec } from './flags/flags.ts';
import { unknownVariables } from './flags/ignored.ts';
import { logSettings, memberName, Settings, stateSetting, webSettings } from './flags/settings.ts';
import { passwordSource } from './password.ts';
import { Problems } from './problems.ts';
import { passwordsOf, shownStateUrl } from './state-url.ts';
import type { Config, PollingConfig, StateConfig } from './types.ts';

const nobody: OnSecret = () => {};

/** Reads everything. Rejects with an ExporterError of code `config` whose message holds all problems. */
export async function loadConfig(flags: Flags, env: Environment, onSecret: OnSecret = nobody): Promise<Config> {
  const problems = new Problems();
  const given = new Settings(flags, env, problems).text('config.file');
  const text = given === null ? '' : await readText(given.value, given.where, problems);
  return buildConfig({ name: given?.value ?? null, text }, { flags, env, onSecret, problems });
}

/** The same with the text of the file at hand, as the demo and tests have it. `name` stands for the file in messages. */
export async function configFromText(
  name: string,
  text: string,
  flags: Flags,
  env: Environment,
  onSecret: OnSecret = nobody,
): Promise<Config> {
  return buildConfig({ name, text }, { flags, env, onSecret, problems: new Problems() });
}

/**
 * Reads everything again. Rejects with an ExporterError of code `config` when it is bad, or changes what a running process cannot:
 * then nothing has changed.
 */
export async function reloadConfig(
  previous: Config,
  flags: Flags,
  env: Environment,
  onSecret: OnSecret = nobody,
): Promise<Config> {
  const next = await loadConfig(flags, env, onSecret);
  const fixed: readonly [what: string, before: string, after: string][] = [
    ['state.url', previous.state.shown, shownAgainst(previous, next)],
    ['state.password_file', previous.state.passwordFile ?? 'none', next.state.passwordFile ?? 'none'],
    ['web.listen-address', addressList(previous), addressList(next)],
  ];
  const changed = fixed.filter(([, before, after]) => before !== after);
  if (changed.length === 0) return next;
  const said = changed.map(([what, before, after]) => `${what} cannot change by reload (from ${before} to ${after})`);
  throw new ExporterError('config', said.join('; '), 'Change it back, or restart the exporter.');
}

/** Two URLs that differ in what is not shown only are told apart by a word. */
function shownAgainst({ state: before }: Config, { state: after }: Config): string {
  return before.url !== after.url && before.shown === after.shown
    ? `${after.shown} with other parameters`
    : after.shown;
}

function addressList({ web }: Config): string {
  return web.listenAddresses.map(formatListenAddress).join(', ');
}

type Source = { readonly name: string | null; readonly text: string | null };
type Surroundings = {
  readonly flags: Flags;
  readonly env: Environment;
  readonly onSecret: OnSecret;
  readonly problems: Problems;
};

async function buildConfig({ name, text }: Source, { flags, env, onSecret, problems }: Surroundings): Promise<Config> {
  const settings = new Settings(flags, env, problems);
  const validated: ValidatedFile =
    text === null ? { file: null, sections: {} } : validate(name ?? '', text, env, problems);
  const warnings: string[] = [...unknownVariables(env)];
  const directory = name === null ? '.' : dirname(name);
  const accounts = await makeAccounts({ validated, env, directory, onSecret, problems, warnings });
  if (validated.sections.polling !== undefined) checkPolling(validated.sections.polling, validated, problems);
  const web = webSettings(settings);
  const log = logSettings(settings);
  const stateUrl = stateSetting(settings);
  const member = memberName(settings);
  if (!problems.none) throw problems.toError();
  const sections = validated.sections as Sections;
  warnings.push(...ignoredBudgets(sections.budgets));
  const stateConfig = (url: string): StateConfig => {
    for (const password of passwordsOf(url)) onSecret(password);
    const file = sections.state.password_file;
    const passwordFile = file === undefined ? null : resolve(directory, file);
    const password = passwordSource(passwordFile, variable(env, 'PGPASSWORD'), onSecret);
    const rules = rulesHash(sections, accounts);
    return { url, shown: shownStateUrl(url), password, passwordFile, memberName: member, rules };
  };
  const config: Omit<Config, keyof Brand> = {
    accounts,
    polling: polling(sections.polling),
    rules: makeRules(sections),
    state: stateConfig(stateUrl ?? sections.state.url ?? flagSpec('state.url').default),
    web,
    log,
    configFile: name,
    warnings,
  };
  return config as Config;
}

type Brand = Pick<Config, Extract<keyof Config, symbol>>;

/** What is read less often than the polls cannot be asked for more often. */
function checkPolling(values: Sections['polling'], { file }: ValidatedFile, problems: Problems): void {
  for (const key of ['full_sweep_interval', 'stale_after'] as const) {
    if (values[key] >= values.interval) continue;
    const where = file?.where(['polling', key]) ?? 'polling';
    problems.add(
      where,
      `found ${formatDuration(values[key])}, wanted at least polling.interval, which is ${formatDuration(values.interval)}`,
    );
  }
}

function polling(values: Sections['polling']): PollingConfig {
  return {
    intervalMs: values.interval,
    fullSweepIntervalMs: values.full_sweep_interval,
    discoveryIntervalMs: values.discovery_interval,
    staleAfterMs: values.stale_after,
  };
}
