/**
 * Escaping and cutting of names and label values.
 * Sources: https://prometheus.io/docs/instrumenting/exposition_formats/ and the OpenMetrics 1.0 specification.
 */
import type { Format } from '../../domain/serving.ts';

const SPECIAL = /[\\"\n]/;
/** Longest project name in a label, in characters (code points). */
const NAME_LENGTH = 128;

/** A label value between its quotes. */
export function escapeLabel(value: string): string {
  if (!SPECIAL.test(value)) return value;
  return value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"');
}

/** The text after `# HELP name`: OpenMetrics escapes double quotes there, the text format does not. */
export function escapeHelp(help: string, format: Format): string {
  const escaped = help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
  return format === 'openmetrics' ? escaped.replaceAll('"', '\\"') : escaped;
}

/** The first 128 characters of a name, counted in code points, so that no emoji is cut in half. */
export function cutName(name: string): string {
  if (name.length <= NAME_LENGTH) return name;
  return Array.from(name).slice(0, NAME_LENGTH).join('');
}

/** Length in code points. */
export function characters(text: string): number {
  return Array.from(text).length;
}
