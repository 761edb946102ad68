/** Collects everything that is wrong with a configuration, so that it is reported at once. */
import { ExporterError } from '../domain/errors.ts';

const HINT = 'Correct the configuration; "llamacloud-exporter --config.check" tries it without a request.';

/** How much of a wrong value is repeated in a message, characters. */
const SHOWN = 60;

/** A value as found, short, for a message: `"5 minutes"`, `7`, `a list`. Users and passwords in URLs are masked. */
export function found(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a mapping';
  if (typeof value !== 'string') return `${value as number | boolean}`;
  const safe = value.replace(/\/\/\S*@/g, '//***@');
  return JSON.stringify(safe.length > SHOWN ? `${safe.slice(0, SHOWN)}...` : safe);
}

/** The one sentence form of a wrong value: what is there, what should be. */
export function wrong(value: unknown, wanted: string): string {
  return `found ${found(value)}, wanted ${wanted}`;
}

function lineOf(problem: string): number {
  return Number(/^[^"]*?:(\d+):\d+: /.exec(problem)?.[1] ?? Number.MAX_SAFE_INTEGER);
}

export class Problems {
  readonly #found: string[] = [];

  /** `where`: a file with line and key path, a flag, or a variable. */
  add(where: string, text: string): void {
    const line = `${where}: ${text}`;
    if (!this.#found.includes(line)) this.#found.push(line);
  }

  get none(): boolean {
    return this.#found.length === 0;
  }

  /** One error with all problems in its message: those of a file by line, then the others as they were found. */
  toError(): ExporterError {
    const ordered = this.#found.toSorted((a, b) => lineOf(a) - lineOf(b));
    const [first] = ordered;
    if (ordered.length === 1 && first !== undefined) return new ExporterError('config', first, HINT);
    const list = ordered.map((problem) => `\n  - ${problem}`).join('');
    return new ExporterError('config', `${ordered.length} problems in the configuration:${list}`, HINT);
  }
}

const FAULTS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'permission denied; let the user of the exporter read it',
  EISDIR: 'it is a directory',
  ENOTDIR: 'there is no such directory',
  ERR_ENCODING_INVALID_ENCODED_DATA: 'it is not UTF-8 text',
};

/** The end of the sentence "cannot read FILE: ...". */
export function readFault(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code ?? 'unknown reason';
  return FAULTS[code] ?? code;
}
