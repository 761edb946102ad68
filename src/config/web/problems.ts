/** Collects everything that is wrong with a web configuration file, with file, key, found and wanted value, to report it at once. */
import type { z } from 'zod';

import { ExporterError } from '../../domain/errors.ts';
import { SECRET_PATH } from './schema.ts';

const CURE =
  'Correct the file given by --web.config.file; its format is described at https://prometheus.io/docs/prometheus/latest/configuration/https/.';

export class WebConfigProblems {
  readonly #file: string;
  readonly #lines: string[] = [];

  constructor(file: string) {
    this.#file = file;
  }

  get none(): boolean {
    return this.#lines.length === 0;
  }

  /** `key`: the key's path, empty for the file itself. */
  add(key: string, text: string): void {
    const line = key === '' ? `${this.#file}: ${text}` : `${this.#file}: ${key}: ${text}`;
    if (!this.#lines.includes(line)) this.#lines.push(line);
  }

  /** Adds what the schema found wrong with `value`. */
  addIssues(issues: readonly z.core.$ZodIssue[], value: unknown): void {
    for (const issue of issues) {
      const path = issue.path.map(String);
      if (issue.code === 'unrecognized_keys') {
        for (const key of issue.keys) this.add([...path, key].join('.'), 'no such key');
        continue;
      }
      const wanted = issue.code === 'invalid_key' ? (issue.issues[0]?.message ?? issue.message) : issue.message;
      const key = path.join('.');
      this.add(
        key,
        wanted.startsWith('no such key') ? wanted : `found ${found(key, valueAt(value, path))}, wanted ${wanted}`,
      );
    }
  }

  toError(): ExporterError {
    const [first] = this.#lines;
    if (this.#lines.length === 1 && first !== undefined) return new ExporterError('config', first, CURE);
    const list = this.#lines.map((line) => `\n  - ${line}`).join('');
    return new ExporterError('config', `${this.#lines.length} problems in the web configuration:${list}`, CURE);
  }
}

/** Longest found value that is repeated, characters. */
const SHOWN = 60;

function found(key: string, value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a mapping';
  if (SECRET_PATH.test(key)) return 'another value (not shown here)';
  return JSON.stringify(typeof value === 'string' ? value.slice(0, SHOWN) : value);
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (inner, key) => (typeof inner === 'object' && inner !== null ? Reflect.get(inner, key) : undefined),
    value,
  );
}
