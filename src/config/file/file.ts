/** Reads, parses and validates the configuration file, section by section. */
import { readFile, stat } from 'node:fs/promises';
import type { z } from 'zod';
import type { Environment } from '../flags/environment.ts';
import { type Problems, readFault, wrong } from '../problems.ts';
import { nearest } from '../suggest.ts';
import { SECTIONS, type Sections } from './schema.ts';
import { type KeyPath, parseYaml, type YamlFile } from './yaml.ts';

/** A configuration of a megabyte is a mistake, and a slow one. */
const MOST_BYTES = 1_048_576;

/** A file as text. Null when it cannot be read; the problems say why. */
export async function readText(path: string, where: string, problems: Problems): Promise<string | null> {
  try {
    if ((await stat(path)).size > MOST_BYTES) {
      problems.add(where, `${path} is larger than a megabyte`);
      return null;
    }
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(path));
  } catch (error) {
    problems.add(where, `cannot read ${path}: ${readFault(error)}`);
    return null;
  }
}

/** A judged file; null when it is no mapping at all. `sections` lacks those that are wrong; the problems say why. */
export type JudgedFile = { readonly file: YamlFile | null; readonly sections: Partial<Sections> };

/** Judges the text of a configuration file called `name`. */
export function judge(name: string, text: string, env: Environment, problems: Problems): JudgedFile {
  const file = parseYaml(name, text, env, problems);
  if (file === null) return { file, sections: {} };
  const top = file.value ?? {};
  if (typeof top !== 'object' || Array.isArray(top)) {
    problems.add(name, wrong(file.written([]), `a mapping with the keys ${Object.keys(SECTIONS).join(', ')}`));
    return { file: null, sections: {} };
  }
  for (const key of Object.keys(top)) {
    if (!Object.hasOwn(SECTIONS, key)) problems.add(file.where([key]), unknownKey(key, Object.keys(SECTIONS)));
  }
  return { file, sections: judgeSections(top as Readonly<Record<string, unknown>>, file, problems) };
}

function judgeSections(top: Readonly<Record<string, unknown>>, file: YamlFile, problems: Problems): Partial<Sections> {
  const good = Object.entries(SECTIONS).flatMap(([key, schema]) => {
    const result = (schema as z.ZodType).safeParse(Object.hasOwn(top, key) ? top[key] : undefined);
    if (result.success) return [[key, result.data]];
    for (const issue of result.error.issues) addIssue(issue, [key, ...(issue.path as KeyPath)], file, problems);
    return [];
  });
  return Object.fromEntries(good) as Partial<Sections>;
}

/** One finding of the schema, in our words. */
function addIssue(issue: z.core.$ZodIssue, path: KeyPath, file: YamlFile, problems: Problems): void {
  if (issue.code === 'unrecognized_keys') {
    for (const key of issue.keys) problems.add(file.where([...path, key]), unknownKey(key, issue.message.split(', ')));
  } else if (!file.unexpanded(path)) {
    problems.add(file.where(path), said(file.written(path), path, issue.message));
  }
}

function said(value: unknown, path: KeyPath, wanted: string): string {
  if (value === undefined) return `missing, wanted ${wanted}`;
  if (path.at(-1) === 'api_key' && typeof value !== 'object') return `found a value (not shown), wanted ${wanted}`;
  return wrong(value, wanted);
}

function unknownKey(key: string, known: readonly string[]): string {
  const meant = nearest(key, known);
  return meant === null ? `unknown key, wanted one of ${known.join(', ')}` : `unknown key, wanted ${meant}?`;
}
