/** Building blocks of the chart's values: each value has a default and a sentence that the README and values.yaml repeat. */
import { z } from 'zod';

/** A section: unknown keys in it are an error, and each of its keys has a default. */
export const section = <T extends z.core.$ZodLooseShape>(help: string, shape: T) =>
  z
    .strictObject(shape)
    .prefault({} as never)
    .meta({ description: help });

export const text = (preset: string, help: string) => z.string().default(preset).meta({ description: help });
export const flag = (preset: boolean, help: string) => z.boolean().default(preset).meta({ description: help });
export const whole = (preset: number, least: number, help: string) =>
  z.int().min(least).max(1_000_000).default(preset).meta({ description: help });
export const oneOf = (words: readonly [string, ...string[]], help: string) =>
  z.enum(words).default(words[0]).meta({ description: help });

/** A part of a Kubernetes object, passed on as it is. */
export const part = (preset: Readonly<Record<string, unknown>>, help: string) =>
  z.record(z.string(), z.unknown()).default(preset).meta({ description: help });
export const labels = (preset: Readonly<Record<string, string>>, help: string) =>
  z.record(z.string(), z.string()).default(preset).meta({ description: help });
export const list = (help: string, preset: readonly unknown[] = []) =>
  z
    .array(z.unknown())
    .default([...preset])
    .meta({ description: help });
export const words = (help: string, preset: readonly string[] = []) =>
  z
    .array(z.string())
    .default([...preset])
    .meta({ description: help });
