/** Reads and validates the web configuration file, in the format of Prometheus' exporter-toolkit. */
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { LineCounter, parseDocument } from 'yaml';

import type { WebConfig } from '../../domain/serving.ts';
import { WebConfigProblems } from './problems.ts';
import { WebConfigFile } from './schema.ts';
import { tlsConfig } from './tls.ts';

/** Plain HTTP, nobody has to identify himself: what no web configuration file means. */
export const NO_WEB_CONFIG: WebConfig = { tls: null, users: {}, headers: {}, http2: true };

/** Validated, or the problems; `files` are those that it consists of, as far as they became known. */
export type WebConfigReading = {
  readonly result: WebConfig | WebConfigProblems;
  readonly files: readonly string[];
};

/** Throws an ExporterError of code `config` that lists everything that is wrong. */
export function loadWebConfig(path: string): WebConfig {
  const { result } = readWebConfig(path);
  if (result instanceof WebConfigProblems) throw result.toError();
  return result;
}

/** Reads the file and the PEM files that it names; they are small, and read at start and after changes only. */
export function readWebConfig(path: string): WebConfigReading {
  const problems = new WebConfigProblems(path);
  const files = [path];
  const read = (key: string, name: string): string | null => {
    const file = resolve(dirname(path), name);
    files.push(file);
    return readText(file, key, problems);
  };
  const text = readText(path, '', problems);
  const parsed = text === null ? null : parse(text, problems);
  const config = parsed === null ? null : toWebConfig(parsed, read, problems);
  return { result: config !== null && problems.none ? config : problems, files };
}

function toWebConfig(
  file: WebConfigFile,
  read: (key: string, name: string) => string | null,
  problems: WebConfigProblems,
): WebConfig {
  const headers = Object.entries(file.http_server_config?.headers ?? {});
  return {
    tls: tlsConfig(file.tls_server_config ?? {}, read, problems),
    users: file.basic_auth_users ?? {},
    headers: Object.fromEntries(headers.flatMap(([name, value]) => (value ? [[name, value] as const] : []))),
    http2: file.http_server_config?.http2 ?? true,
  };
}

/** The sections that are right; those that are wrong are replaced by nothing, so that the others are checked all the same. */
function parse(text: string, problems: WebConfigProblems): WebConfigFile | null {
  const value = parseYaml(text, problems);
  if (value === undefined) return null;
  const users: unknown = Reflect.get(value, 'basic_auth_users');
  if (typeof users === 'object' && users !== null && Object.hasOwn(users, '__proto__')) {
    // The schema would leave it out, and no users would mean that nobody has to identify himself.
    problems.add('basic_auth_users.__proto__', 'found a name that cannot be used, wanted another user name');
  }
  const all = WebConfigFile.safeParse(value);
  if (all.success) return all.data;
  problems.addIssues(all.error.issues, value);
  const wrong = new Set(all.error.issues.map((issue) => String(issue.path[0])));
  const rest = Object.entries(value).filter(([key]) => !wrong.has(key) && key in WebConfigFile.shape);
  return WebConfigFile.safeParse(Object.fromEntries(rest)).data ?? null;
}

/** Undefined when it is no YAML mapping. The parser's messages are cut: they repeat the text, which may be a secret. */
function parseYaml(text: string, problems: WebConfigProblems): object | undefined {
  const lineCounter = new LineCounter();
  const doc = parseDocument(text, { lineCounter, prettyErrors: false, logLevel: 'error' });
  for (const error of doc.errors)
    problems.add('', `invalid YAML at line ${lineCounter.linePos(error.pos[0]).line} (${error.code})`);
  if (doc.errors.length > 0) return undefined;
  const value: unknown = withoutNulls(toJs(() => doc.toJS() as unknown));
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  problems.add('', 'found no mapping, wanted tls_server_config, http_server_config or basic_auth_users');
  return undefined;
}

/** Aliases that grow without bound, or point nowhere, make the parser throw. */
function toJs(make: () => unknown): unknown {
  try {
    return make() ?? {};
  } catch {
    return null;
  }
}

/** A key with nothing behind it means its default. Users are left alone: a user without a hash must not mean no users. */
function withoutNulls(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const kept = Object.entries(value).filter(([, inner]) => inner !== null);
  return Object.fromEntries(
    kept.map(([key, inner]) => [key, key === 'basic_auth_users' ? inner : withoutNulls(inner)]),
  );
}

function readText(file: string, key: string, problems: WebConfigProblems): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    problems.add(key, `cannot read ${file}: ${reasonOf(error)}`);
    return null;
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'no permission to read it',
  EISDIR: 'it is a directory',
};

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason';
  return REASONS[code] ?? code;
}
