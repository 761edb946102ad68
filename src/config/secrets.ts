/** API keys: where they come from, and reading them again. */
import { readFile } from 'node:fs/promises';

import { ExporterError } from '../domain/errors.ts';

/** Takes every secret value that is read, so that logs can be kept free of it. */
export type OnSecret = (value: string) => void;

/** Where an account's API key comes from. */
export interface KeySource {
  /** The key as last read. */
  read(): Promise<string>;
  /** Reads the file again, as after a 401. True when the key is another one now; false too when the file cannot be read. */
  refresh(): Promise<boolean>;
}

export const KEY_WANTED = 'an API key: one line of printable characters without blanks';

/** A header takes these characters; a blank or line end inside is a copying mistake. */
export function isKey(text: string): boolean {
  return /^[\x21-\x7e]+$/.test(text);
}

/** A key that was given as such. */
export function literalKey(value: string, onSecret: OnSecret): KeySource {
  onSecret(value);
  return { read: () => Promise.resolve(value), refresh: () => Promise.resolve(false) };
}

/** A key in a file; blanks and line ends around it are no part of it. `initial`: as just read by the caller. */
export function keyFromFile(path: string, initial: string, onSecret: OnSecret): KeySource {
  onSecret(initial);
  let key = initial;
  return {
    read: () => Promise.resolve(key),
    async refresh(): Promise<boolean> {
      const next = await readKey(path).catch(() => null);
      if (next === null || next === key) return false;
      onSecret(next);
      key = next;
      return true;
    },
  };
}

/** The key in a file. Rejects with an ExporterError of code `config`. */
export async function readKey(path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new ExporterError('config', `cannot read ${path}`, 'Let the user of the exporter read it.', error);
  });
  const key = text.trim();
  if (isKey(key)) return key;
  const fault = key === '' ? 'is empty' : 'holds no single line without blanks';
  throw new ExporterError('config', `${path} ${fault}`, `Write into it ${KEY_WANTED}.`);
}
