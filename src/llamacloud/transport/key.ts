/** Reads the API key of an account, and checks that a header can carry it. */
import { ExporterError } from '../../domain/errors.ts';

/** Checked here because undici, given a header that it refuses, counts the request as one in flight for ever. */
const KEY_TEXT = /^[\x21-\x7e]+$/;

/** Reads the key of the account named. @throws ExporterError `unauthorized` where there is none that a header can carry. */
export async function readKey(account: string, read: () => string | Promise<string>): Promise<string> {
  const name = `The API key of account "${account}"`;
  let key: string;
  try {
    key = await read();
  } catch (error) {
    const why = error instanceof ExporterError ? `: ${error.message}` : '';
    const fix = 'Make the key file readable for the exporter.';
    throw new ExporterError('unauthorized', `${name} cannot be read${why}`, fix, error);
  }
  if (KEY_TEXT.test(key)) return key;
  const fix = 'Copy the key again: it is one line of visible ASCII characters.';
  throw new ExporterError('unauthorized', `${name} is empty or holds characters that no header can carry`, fix);
}
