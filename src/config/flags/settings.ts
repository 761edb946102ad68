/** Reads the flags and their environment variables: web, log, state, the path of the configuration file. */
import { LISTEN_WANTED, type ListenAddress, parseBaseUrl, parseListenAddress } from '../addresses.ts';
import { type Problems, wrong } from '../problems.ts';
import { isStateUrl, STATE_WANTED } from '../state-url.ts';
import { LOG_FORMATS, LOG_LEVELS, type LogSettings, type WebSettings } from '../types.ts';
import { type Environment, variable } from './environment.ts';
import { environmentName, type FlagName, type Flags, flagSpec } from './flags.ts';

/** A value with its origin, for messages: `--log.level` or `LLAMACLOUD_EXPORTER_LOG_LEVEL`. */
type Given = { readonly value: string; readonly where: string };

/** Looks flags up: the command line first, then the environment. */
export class Settings {
  readonly #flags: Flags;
  readonly #env: Environment;
  readonly #problems: Problems;

  constructor(flags: Flags, env: Environment, problems: Problems) {
    this.#flags = flags;
    this.#env = env;
    this.#problems = problems;
  }

  /** Null: not given; the default holds. */
  text(name: FlagName): Given | null {
    const given = this.#flags[name];
    if (typeof given === 'string') return { value: given, where: `--${name}` };
    return this.#fromEnvironment(name);
  }

  #fromEnvironment(name: FlagName): Given | null {
    const where = environmentName(flagSpec(name));
    const value = where === null ? undefined : variable(this.#env, where);
    return where === null || value === undefined ? null : { value, where };
  }

  /** A text that `parse` does not answer null for; else a problem and the fallback. */
  parsed<T>(name: FlagName, fallback: T, wanted: string, parse: (text: string) => T | null): T {
    const given = this.text(name);
    if (given === null) return fallback;
    const value = parse(given.value);
    if (value !== null) return value;
    this.#problems.add(given.where, wrong(given.value, wanted));
    return fallback;
  }

  /** The same with the flag's default as the fallback, which `parse` must be able to read. */
  parsedOrDefault<T>(name: FlagName, wanted: string, parse: (text: string) => T | null): T {
    return this.parsed(name, readDefault(name, parse), wanted, parse);
  }

  switched(name: FlagName): boolean {
    const flag = this.#flags[name];
    if (typeof flag === 'boolean') return flag;
    const words: Readonly<Record<string, boolean>> = { true: true, 1: true, false: false, 0: false };
    return this.parsed<boolean>(name, false, 'true or false', (text) => words[text.toLowerCase()] ?? null);
  }

  /** All values of a repeatable flag; in the environment they are separated by commas. */
  list(name: FlagName): readonly Given[] {
    const given = this.#flags[name];
    if (Array.isArray(given)) return given.map((value: string) => ({ value, where: `--${name}` }));
    const one = this.text(name);
    if (one === null) return [];
    return one.value.split(',').map((value) => ({ value: value.trim(), where: one.where }));
  }

  problem(given: Given, wanted: string): void {
    this.#problems.add(given.where, wrong(given.value, wanted));
  }
}

/** A default that its own parser refuses is a defect of the table of flags. */
function readDefault<T>(name: FlagName, parse: (text: string) => T | null): T {
  const text = flagSpec(name).default;
  const value = parse(text);
  if (value === null) throw new RangeError(`the default of --${name} cannot be read: ${text}`);
  return value;
}

const oneOf =
  <T extends string>(words: readonly T[]) =>
  (text: string): T | null =>
    words.find((word) => word === text) ?? null;

/** Level and format of the log. */
export function logSettings(settings: Settings): LogSettings {
  return {
    level: settings.parsedOrDefault('log.level', 'debug, info, warn or error', oneOf(LOG_LEVELS)),
    format: settings.parsed<LogSettings['format']>('log.format', 'auto', 'json, logfmt or pretty', oneOf(LOG_FORMATS)),
  };
}

/** First parts of the exporter's own paths, which stay its own. */
const OWN_PATHS = ['-', 'api', 'assets', 'fragment', 'projects'];
const TELEMETRY_PATH_WANTED = `a path like /metrics, outside ${OWN_PATHS.map((part) => `/${part}`).join(', ')}`;

function telemetryPath(text: string): string | null {
  const parts = text.slice(1).split('/');
  const isPlain = /^\/[\w.~/-]+$/.test(text) && parts.every((part) => !['', '.', '..'].includes(part));
  return isPlain && !OWN_PATHS.includes(parts[0] ?? '') ? text : null;
}

function atLeastOne(text: string): number | null {
  const n = Number(text);
  return /^\d{1,6}$/.test(text) && n >= 1 ? n : null;
}

/** Null for what is no URL, or has more than host and path. */
function externalUrl(text: string): string | null {
  const base = parseBaseUrl(text);
  return base === null ? null : base.url;
}

/** Empty for `/`; no slash at the end. */
function routePrefix(text: string): string | null {
  const path = text.replace(/\/+$/, '');
  return path === '' || /^(\/[\w~-][\w.~-]*)+$/.test(path) ? path : null;
}

const pathOf = (url: string | null): string => (url === null ? '' : new URL(url).pathname.replace(/\/+$/, ''));

export function webSettings(settings: Settings): WebSettings {
  const external = settings.parsed<string | null>(
    'web.external-url',
    null,
    'a URL like https://ops.example.com/llamacloud, without user, password, query or fragment',
    externalUrl,
  );
  return {
    listenAddresses: listenAddresses(settings),
    telemetryPath: settings.parsedOrDefault('web.telemetry-path', TELEMETRY_PATH_WANTED, telemetryPath),
    externalUrl: external,
    routePrefix: settings.parsed('web.route-prefix', pathOf(external), 'a path like /llamacloud, or /', routePrefix),
    configFile: settings.parsed<string | null>('web.config.file', null, 'the path of a file', (text) => text || null),
    maxRequests: settings.parsedOrDefault('web.max-requests', 'a whole number from 1 to 999999', atLeastOne),
    enableLifecycle: settings.switched('web.enable-lifecycle'),
  };
}

function listenAddresses(settings: Settings): readonly ListenAddress[] {
  const addresses: ListenAddress[] = [];
  for (const given of settings.list('web.listen-address')) {
    const address = parseListenAddress(given.value);
    if (address === null) settings.problem(given, LISTEN_WANTED);
    else if (address.port !== 0 && addresses.some((other) => same(other, address)))
      settings.problem(given, 'each address once');
    else addresses.push(address);
  }
  return addresses.length === 0 ? [readDefault('web.listen-address', parseListenAddress)] : addresses;
}

const same = (a: ListenAddress, b: ListenAddress): boolean => a.host === b.host && a.port === b.port;

/** The state as flag or environment have it; null: neither does, the file or the default decides. */
export function stateSetting(settings: Settings): string | null {
  return settings.parsed<string | null>('state.url', null, STATE_WANTED, (text) => (isStateUrl(text) ? text : null));
}

/** What this replica is called; null: as its host. */
export function memberName(settings: Settings): string | null {
  return settings.parsed<string | null>('member.name', null, MEMBER_WANTED, (text) =>
    isMemberName(text) ? text : null,
  );
}

const MEMBER_WANTED = 'a name of 1 to 128 printable characters without blanks';

const isMemberName = (text: string): boolean => /^[\x21-\x7e]{1,128}$/.test(text);
