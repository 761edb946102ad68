/** The password of the database where its URL has none: read again at each connection, so that it can be replaced while the exporter runs. */
import { readFile } from 'node:fs/promises';
import { ExporterError } from '../domain/errors.ts';
import type { OnSecret } from './accounts/secrets.ts';
import { readFault } from './problems.ts';

/** Null: there is none. Rejects with an ExporterError of code `startup` where the file cannot be read. */
export type PasswordSource = () => Promise<string | null>;

/** `file`: an absolute path, null: none. `otherwise`: what PGPASSWORD holds. */
export function passwordSource(file: string | null, otherwise: string | undefined, onSecret: OnSecret): PasswordSource {
  return async () => {
    const password = file === null ? (otherwise ?? null) : await read(file);
    if (password !== null) onSecret(password);
    return password;
  };
}

async function read(file: string): Promise<string> {
  try {
    return (await readFile(file, 'utf8')).replace(/\r?\n$/, '');
  } catch (error) {
    const fix = 'Let the user of the exporter read it, or change state.password_file.';
    throw new ExporterError('startup', `cannot read state.password_file ${file}: ${readFault(error)}`, fix, error);
  }
}
