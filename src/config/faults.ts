/** Why a file cannot be read, in words. */

const FAULTS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'permission denied; let the user of the exporter read it',
  EISDIR: 'it is a directory',
  ENOTDIR: 'there is no such directory',
  ERR_ENCODING_INVALID_ENCODED_DATA: 'it is no UTF-8 text',
};

/** The end of the sentence "cannot read FILE: ...". */
export function readFault(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code ?? 'unknown reason';
  return FAULTS[code] ?? code;
}
