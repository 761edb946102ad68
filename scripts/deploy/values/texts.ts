/** values.yaml, values.schema.json and the table of the README, from the definition of the values. */
import { stringify } from 'yaml';
import { z } from 'zod';
import { Values } from './values.ts';

type Schema = {
  readonly description?: string;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
};

const schema = z.toJSONSchema(Values, { io: 'input', target: 'draft-7' }) as unknown as Schema;

const ofState = (properties: object) => ({ properties: { state: { properties } } });

/** What JSON Schema needs beside the types: several pods on SQLite, and PostgreSQL without an address, are refused. */
const RULES = [
  { anyOf: [ofState({ type: { const: 'postgresql' } }), { properties: { replicaCount: { maximum: 1 } } }] },
  {
    anyOf: [
      ofState({ type: { const: 'sqlite' } }),
      ofState({ postgresql: { properties: { url: { pattern: '^postgres(ql)?://' } } } }),
    ],
  },
];

/** JSON Schema of the values, which Helm checks before it renders. */
export function schemaText(): string {
  return `${JSON.stringify({ ...schema, allOf: RULES }, null, 2)}\n`;
}

/** values.yaml: each value with its sentence above it. */
export function valuesText(generated: string): string {
  const head = `# Default values of llamacloud-exporter. README.md has them as a table.\n#\n# ${generated}\n`;
  return `${head}\n${section(schema, 0)}\n`;
}

function section({ properties = {} }: Schema, indent: number): string {
  const pad = ' '.repeat(indent);
  const entries = Object.entries(properties).map(([key, child]) => {
    const about = `${pad}# ${child.description ?? ''}\n`;
    if (child.properties !== undefined) return `${about}${pad}${key}:\n${section(child, indent + 2)}`;
    const text = stringify({ [key]: child.default }, { lineWidth: 0 }).trimEnd();
    return (
      about +
      text
        .split('\n')
        .map((line) => pad + line)
        .join('\n')
    );
  });
  return entries.join(indent === 0 ? '\n\n' : '\n');
}

export type ValueRow = { readonly path: string; readonly preset: string; readonly help: string };

/** Every value with its default as JSON. */
export function valueRows(of: Schema = schema, prefix = ''): readonly ValueRow[] {
  return Object.entries(of.properties ?? {}).flatMap(([key, child]) => {
    const path = prefix + key;
    if (child.properties !== undefined) return valueRows(child, `${path}.`);
    return [{ path, preset: JSON.stringify(child.default), help: child.description ?? '' }];
  });
}
