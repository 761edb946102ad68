/** API keys: where one comes from (text or file), and reading it again after it changed. */
import { readFile } from 'node:fs/promises';

import { ExporterError } from '../../domain/errors.ts';
import { readFault } from '../problems.ts';

/** Takes every secret value that is read, so that logs can be kept free of it. */
export type OnSecret = (value: string) => void;

/** Where an account's API key comes from. */
export interface KeySource {
  /** The key as last read. */
  current(): string;
  /** Reads the file again, as after a 401, and answers the key; where it cannot be read, the one known so far. */
  refresh(): Promise<string>;
}

const KEY_WANTED = 'an API key: one line of printable characters without blanks';

/** A name as in a file of variables: `LLAMA_CLOUD_API_KEY=`, with or without `export`. */
const ASSIGNMENT = /^(?:export\s+)?[A-Z0-9_]*KEY[A-Z0-9_]*=/;

/** What is wanted instead of a text without blanks around it; null: it is a key. Never holds the text itself. */
export function keyFault(text: string): string | null {
  const [assignment] = ASSIGNMENT.exec(text) ?? [];
  if (assignment !== undefined) return `the key without "${assignment}" in front of it`;
  if (/^(["']).*\1$/s.test(text)) return 'the key without the quotes around it';
  // A header takes these characters; a blank or line end inside is a copying mistake.
  return /^[\x21-\x7e]+$/.test(text) ? null : KEY_WANTED;
}

/** A key that was given as such. */
export function literalKey(value: string, onSecret: OnSecret): KeySource {
  onSecret(value);
  return { current: () => value, refresh: () => Promise.resolve(value) };
}

/** A key in a file; blanks and line ends around it are no part of it. `initial`: as just read by the caller. */
export function keyFromFile(path: string, initial: string, onSecret: OnSecret): KeySource {
  onSecret(initial);
  let key = initial;
  return {
    current: () => key,
    async refresh(): Promise<string> {
      const next = await readKey(path).catch(() => key);
      onSecret(next);
      key = next;
      return key;
    },
  };
}

/** The key in a file. Rejects with an ExporterError of code `config`. */
export async function readKey(path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new ExporterError(
      'config',
      `cannot read ${path}: ${readFault(error)}`,
      'Let the user of the exporter read it.',
      error,
    );
  });
  const key = text.trim();
  const wanted = keyFault(key);
  if (wanted === null) return key;
  const found = key === '' ? `${path} is empty` : `${path} contains no key, wanted ${wanted}`;
  throw new ExporterError('config', found, `Write into it ${KEY_WANTED}.`);
}
