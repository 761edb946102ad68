/** The keys of the configuration file as data, derived from the schema, for docs/configuration.md. */
import type { z } from 'zod';

import { SECTIONS } from './schema.ts';

export type KeyReference = {
  /** `accounts[].base_url`. */
  readonly path: string;
  /** As one would write it in the file; null: no default. */
  readonly default: string | null;
  readonly description: string;
};

type Wrapped = { readonly type: string; readonly innerType?: z.ZodType; readonly defaultValue?: unknown };

/** Behind defaults and optionality. */
function bare(schema: z.ZodType): z.ZodType {
  const { type, innerType } = schema.def as Wrapped;
  return (type === 'prefault' || type === 'optional') && innerType !== undefined ? bare(innerType) : schema;
}

function children(schema: z.ZodType): readonly (readonly [step: string, schema: z.ZodType])[] {
  const { type, shape, element } = bare(schema).def as { type: string; shape?: object; element?: z.ZodType };
  if (type === 'array' && element !== undefined) return children(element).map(([step, inner]) => [`[]${step}`, inner]);
  const entries = Object.entries(shape ?? {}) as [string, z.ZodType][];
  return entries.map(([key, inner]) => [`.${key}`, inner]);
}

/** The default that a key has by its schema, or that its description names because it comes from elsewhere. */
function defaultOf(schema: z.ZodType): unknown {
  const { type, defaultValue } = schema.def as Wrapped;
  const isSection = children(schema).length > 0 && !Array.isArray(defaultValue);
  return type === 'prefault' && !isSection ? defaultValue : schema.meta()?.['default'];
}

function listed(path: string, schema: z.ZodType): readonly KeyReference[] {
  const value = defaultOf(schema);
  const own = {
    path,
    default: value === undefined ? null : typeof value === 'string' ? value : JSON.stringify(value),
    description: schema.description ?? '',
  };
  return [own, ...children(schema).flatMap(([step, child]) => listed(path + step, child))];
}

/** Every key, in the order of the schema, sections before what they hold. */
export function keyReference(): readonly KeyReference[] {
  return Object.entries(SECTIONS).flatMap(([key, schema]) => listed(key, schema));
}
