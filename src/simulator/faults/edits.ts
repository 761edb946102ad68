/** Edits the JSON of an answer by path, and makes it invalid in the ways that a parser meets. */

/** Placeholder in the JSON for raw text, replaced when the JSON is written. */
const MARK = '@@simulator-raw@@';

/**
 * The JSON text with the value at a path replaced by raw text, or removed (null). A path names keys and indexes,
 * separated by dots; `*` means every entry. If a path leads nowhere, nothing changes.
 */
export function edited(json: unknown, path: string, raw: string | null): string {
  visit(json, path.split('.'), (parent, key) => {
    if (raw === null) delete parent[key];
    else parent[key] = MARK;
  });
  return raw === null ? JSON.stringify(json) : JSON.stringify(json).replaceAll(JSON.stringify(MARK), () => raw);
}

type Parent = Record<string, unknown>;

function visit(node: unknown, path: readonly string[], change: (parent: Parent, key: string) => void): void {
  const [step, ...rest] = path;
  if (typeof node !== 'object' || node === null || step === undefined) return;
  const parent = node as Parent;
  const keys = step === '*' ? Object.keys(parent) : [step];
  for (const key of keys) {
    if (rest.length === 0) change(parent, key);
    else visit(parent[key], rest, change);
  }
}

/** Every item with each of its fields written twice: a false one first, then the true one, which JSON parsers keep. */
export function withDuplicateKeys(json: unknown): string {
  if (Array.isArray(json)) return `[${json.map(doubled).join(',')}]`;
  const { items, ...others } = json as { items?: unknown[] };
  if (items === undefined) return doubled(json);
  return `{"items":[${items.map(doubled).join(',')}],${JSON.stringify(others).slice(1)}`.replace(/,\}$/, '}');
}

/** Every string field of the name begins with two bytes that no UTF-8 text holds. */
export function withInvalidUtf8(body: Buffer, field: string): Buffer {
  const opening = Buffer.from(`"${field}":"`);
  const parts: Buffer[] = [];
  let from = 0;
  for (let at = body.indexOf(opening); at >= 0; at = body.indexOf(opening, from)) {
    parts.push(body.subarray(from, at + opening.length), Buffer.from([0xff, 0xfe]));
    from = at + opening.length;
  }
  return Buffer.concat([...parts, body.subarray(from)]);
}

/** Every field of every item with a value of a wrong type. */
export function withWrongTypes(json: unknown): string {
  if (Array.isArray(json)) return JSON.stringify(json.map(wrong));
  const page = json as { items?: unknown[] };
  return JSON.stringify(page.items === undefined ? wrong(page) : { ...page, items: page.items.map(wrong) });
}

function otherType(value: unknown): unknown {
  if (typeof value === 'string') return 42;
  return typeof value === 'object' ? 'text' : { value };
}

function doubled(item: unknown): string {
  const keys = Object.keys(item as Parent).map((key) => `${JSON.stringify(key)}:null`);
  return `{${keys.join(',')},${JSON.stringify(item).slice(1)}`;
}

function wrong(item: unknown): Parent {
  return Object.fromEntries(Object.entries(item as Parent).map(([key, value]) => [key, otherType(value)]));
}
