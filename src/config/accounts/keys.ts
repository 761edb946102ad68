/** Finds the API key of an account: in the file, or in the environment if the file names at most one account. */
import { resolve } from 'node:path';

import { ExporterError } from '../../domain/errors.ts';
import { type Environment, variable } from '../flags/environment.ts';
import type { Problems } from '../problems.ts';
import { type KeySource, keyFault, keyFromFile, literalKey, type OnSecret, readKey } from './secrets.ts';

/** An account as the file has it; keys that are wrong in themselves were reported already. */
export type RawAccount = Readonly<Record<string, unknown>>;

export type KeySearch = {
  readonly raw: RawAccount;
  /** Where the account is configured, for messages; null: only in the environment. */
  readonly where: string | null;
  /** The same for its key `api_key_file`. */
  readonly whereFile: string;
  /** Relative `api_key_file`s start here: the directory of the configuration file. */
  readonly directory: string;
  /** Empty where several accounts stand in the file. */
  readonly env: Environment;
  readonly onSecret: OnSecret;
  readonly problems: Problems;
};

const IN_ENVIRONMENT = 'the environment variable LLAMA_CLOUD_API_KEY or LLAMA_CLOUD_API_KEY_FILE';
const NO_KEY = `set ${IN_ENVIRONMENT}, or name a file with accounts by --config.file`;

/** Null when there is none or it cannot be read; the problems say why. */
export async function findKey(search: KeySearch, alone: boolean): Promise<KeySource | null> {
  const { raw, where, problems, onSecret } = search;
  const literal = raw['api_key'];
  const file = raw['api_key_file'];
  if (literal !== undefined && file !== undefined) {
    problems.add(where ?? 'accounts', 'has api_key and api_key_file, wanted one of them');
    return null;
  }
  if (literal !== undefined)
    return typeof literal === 'string' && keyFault(literal.trim()) === null
      ? literalKey(literal.trim(), onSecret)
      : null;
  if (typeof file === 'string')
    return file === '' ? null : fromFile(resolve(search.directory, file), search.whereFile, search);
  return file === undefined ? fromEnvironment(search, alone) : null;
}

async function fromEnvironment(search: KeySearch, alone: boolean): Promise<KeySource | null> {
  const { env, where, problems, onSecret } = search;
  const file = variable(env, 'LLAMA_CLOUD_API_KEY_FILE');
  const direct = trimmed(env, 'LLAMA_CLOUD_API_KEY');
  if (file !== undefined && direct !== undefined) {
    problems.add('LLAMA_CLOUD_API_KEY_FILE', 'set beside LLAMA_CLOUD_API_KEY, wanted one of them');
    return null;
  }
  if (file !== undefined) return fromFile(resolve(file), 'LLAMA_CLOUD_API_KEY_FILE', search);
  const name = direct === undefined ? 'LLAMA_PARSE_API_KEY' : 'LLAMA_CLOUD_API_KEY';
  const key = direct ?? trimmed(env, name);
  if (key === undefined) {
    if (where === null) problems.add('no API key', NO_KEY);
    else problems.add(where, `no API key, wanted api_key_file or api_key${alone ? `, or ${IN_ENVIRONMENT}` : ''}`);
    return null;
  }
  const wanted = keyFault(key);
  if (wanted === null) return literalKey(key, onSecret);
  problems.add(name, `found a value (not shown), wanted ${wanted}`);
  return null;
}

/** As from a file: blanks and line ends around a key are no part of it. */
function trimmed(env: Environment, name: string): string | undefined {
  return variable(env, name)?.trim() || undefined;
}

async function fromFile(path: string, where: string, { onSecret, problems }: KeySearch): Promise<KeySource | null> {
  try {
    return keyFromFile(path, await readKey(path), onSecret);
  } catch (error) {
    if (!(error instanceof ExporterError)) throw error;
    problems.add(where, error.message);
    return null;
  }
}
