/** Parses the text of the configuration file: values with the line of every key, `${NAME}` expanded. */
import {
  type Document,
  type ErrorCode,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  visit,
} from 'yaml';

import { type Environment, variable } from '../flags/environment.ts';
import type { Problems } from '../problems.ts';

export type KeyPath = readonly (string | number)[];

export type YamlFile = {
  /** Expanded; a key whose value is null is left out: it means the default. */
  readonly value: unknown;
  /** The value as it is written, before expansion: messages show this, so that they never show what a variable held. */
  written(path: KeyPath): unknown;
  /** `file.yml:3:5: polling.interval`; for a key that is not there, the place of the nearest one around it. */
  where(path: KeyPath): string;
  /** True where a variable could not be expanded: that was said already. */
  unexpanded(path: KeyPath): boolean;
};

/** Key path as people write it: `accounts[0].base_url`. What does not look like a key of ours is not repeated: it may be a secret. */
function keyPath(path: KeyPath): string {
  const names = path.map((key) => (typeof key === 'string' && !/^[A-Za-z_]{1,40}$/.test(key) ? '(other key)' : key));
  return names.map((key, i) => (typeof key === 'number' ? `[${key}]` : i === 0 ? key : `.${key}`)).join('');
}

/** Parses and expands; null when the text is no YAML, and the problems say why. */
export function parseYaml(file: string, text: string, env: Environment, problems: Problems): YamlFile | null {
  const lines = new LineCounter();
  const at = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${file}:${line}:${col}`;
  };
  try {
    const doc = parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: 'error' });
    for (const error of [...doc.errors, ...doc.warnings])
      problems.add(at(error.pos[0]), `invalid YAML: ${MISTAKES[error.code] ?? plain(error.message)}`);
    if (doc.errors.length > 0) return null;
    const written: unknown = doc.toJS();
    const unexpanded = new Set<string>();
    expandAll(doc, env, (offset, path, fault) => {
      unexpanded.add(keyPath(path));
      problems.add(`${at(offset)}: ${keyPath(path)}`, fault);
    });
    return {
      value: withoutNulls(doc.toJS()),
      written: (path) => lookUp(written, path),
      where: (path) => `${at(offsetOf(doc, path))}: ${keyPath(path)}`,
      unexpanded: (path) => unexpanded.has(keyPath(path)),
    };
  } catch (error) {
    problems.add(file, `unusable YAML: ${structureFault(error)}`);
    return null;
  }
}

/** The parser throws RangeError where the stack ends, and ReferenceError for aliases that lead nowhere or multiply. */
function structureFault(error: unknown): string {
  if (error instanceof RangeError) return 'it is nested too deeply';
  if (error instanceof ReferenceError) return /excessive/i.test(error.message) ? ALIAS_BOMB : BAD_ALIAS;
  throw error;
}

const BAD_ALIAS = 'an alias (*name) without its anchor (&name)';
const ALIAS_BOMB = 'aliases that multiply without measure';

/** Mistakes whose message in the parser repeats text of the file, which may be part of a key. */
const MISTAKES: Readonly<Partial<Record<ErrorCode, string>>> = {
  BAD_ALIAS,
  BAD_DIRECTIVE: 'a directive (%) that is not known',
  DUPLICATE_KEY: 'the key stands twice',
  MULTIPLE_DOCS: 'several documents in one file',
  TAB_AS_INDENT: 'a tab where blanks must indent',
  TAG_RESOLVE_FAILED: 'a tag (!name) that is not known; put the value in quotes',
  UNEXPECTED_TOKEN: 'unexpected text; check brackets, quotes and indentation',
};

/** The parser repeats the text that it stumbled over, which may be part of a key: only its own words are kept. */
function plain(message: string): string {
  return message
    .replace(/(:?\s*"|;)[\s\S]*$/, '')
    .replace(/\s*\n[\s\S]*$/, '')
    .replace(/^[A-Z]/, (c) => c.toLowerCase());
}

/** A variable in a string value; `$${` stands for `${`. Anything else after `${` that starts like a name is refused. */
const VARIABLE = /\$\$\{|\$\{([A-Za-z_][A-Za-z0-9_]*)\}|\$\{[A-Za-z_][^}]*\}?/g;

type Report = (offset: number, path: KeyPath, text: string) => void;

function expandAll(doc: Document, env: Environment, report: Report): void {
  visit(doc, {
    Scalar(key, node, ancestors) {
      if (key === 'key' || typeof node.value !== 'string' || !node.value.includes('${')) return;
      const say = (text: string): void => report(node.range?.[0] ?? 0, pathOf([...ancestors, node]), text);
      node.value = node.value.replaceAll(VARIABLE, (all: string, name: string | undefined) => {
        if (all === '$${') return '${';
        if (name === undefined) say(`found ${all}, wanted \${NAME}; defaults and other forms are not supported`);
        else if (!Object.hasOwn(env, name)) say(`the environment variable ${name} is not set`);
        return name === undefined ? '' : (variable(env, name) ?? '');
      });
    },
  });
}

/** The key path of the last of these nested nodes. */
function pathOf(nodes: readonly unknown[]): KeyPath {
  const path: (string | number)[] = [];
  nodes.forEach((node, i) => {
    if (isPair(node)) path.push(isScalar(node.key) ? String(node.key.value) : '?');
    if (isSeq(node)) path.push(node.items.indexOf(nodes[i + 1]));
  });
  return path;
}

/** Where the key of a path is; the deepest part of the path that exists. */
function offsetOf(doc: Document, path: KeyPath): number {
  let node: unknown = doc.contents;
  let offset = 0;
  for (const step of path) {
    const next = isMap(node)
      ? node.items.find((pair) => isScalar(pair.key) && String(pair.key.value) === step)
      : undefined;
    const item = isSeq(node) && typeof step === 'number' ? node.items[step] : undefined;
    const mark = next?.key ?? item;
    if (!isNode(mark)) break;
    offset = mark.range?.[0] ?? offset;
    node = next === undefined ? item : next.value;
  }
  return offset;
}

function lookUp(value: unknown, path: KeyPath): unknown {
  return path.reduce<unknown>(
    (inner, key) =>
      typeof inner === 'object' && inner !== null && Object.hasOwn(inner, key) ? Reflect.get(inner, key) : undefined,
    value,
  );
}

/** `key:` with nothing behind it means the default. Items of lists stay: a null there is a mistake to be named. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([, inner]) => inner !== null);
  return Object.fromEntries(kept.map(([key, inner]) => [key, withoutNulls(inner)]));
}
