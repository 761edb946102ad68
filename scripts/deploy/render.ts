/** Renders a manifest: as a Helm template, or plain, as deploy/kubernetes has it. */
import { stringify } from 'yaml';
import { isFilled, Mark, type Node } from './marks.ts';

export type Mode = 'helm' | 'plain';
type Lines = readonly string[];
type Mapping = { readonly [key: string]: Node };

/** The text of one document. */
export function render(document: Mapping, mode: Mode): string {
  return `${mapping(document, 0, mode).join('\n')}\n`;
}

const pad = (indent: number): string => ' '.repeat(indent);
const comment = (text: string, indent: number): Lines => text.split('\n').map((line) => `${pad(indent)}# ${line}`);
const inserted = (go: string, indent: number): string => `${pad(indent)}{{- ${go} | nindent ${indent} }}`;
const wrapped = (head: string, lines: Lines): Lines =>
  head === '' ? lines : [`{{- ${head} }}`, ...lines, '{{- end }}'];
const isList = (node: Node): node is readonly Node[] => Array.isArray(node);

const mapping = (node: Mapping, indent: number, mode: Mode): Lines =>
  Object.entries(node).flatMap(([key, child]) =>
    key.startsWith('...') ? inPlace(child, indent, mode) : entry(key, child, indent, mode),
  );

const sequence = (nodes: readonly Node[], indent: number, mode: Mode): Lines =>
  nodes.flatMap((node) => item(node, indent, mode));

/** A key with its value. */
function entry(key: string, node: Node, indent: number, mode: Mode): Lines {
  if (node instanceof Mark) return markedEntry(key, node, indent, mode);
  const name = `${pad(indent)}${scalar(key)}:`;
  if (node === null || typeof node !== 'object') return [`${name} ${scalar(node)}`];
  if (isList(node)) return node.length === 0 ? [`${name} []`] : [name, ...sequence(node, indent + 2, mode)];
  return Object.keys(node).length === 0 ? [`${name} {}`] : [name, ...mapping(node, indent + 2, mode)];
}

function markedEntry(key: string, { form }: Mark, indent: number, mode: Mode): Lines {
  const name = `${pad(indent)}${scalar(key)}:`;
  if (form.kind === 'note') return [...comment(form.text, indent), ...entry(key, form.node, indent, mode)];
  if (form.kind === 'when') return conditional(form, mode, () => entry(key, form.node, indent, mode));
  if (mode === 'plain') {
    return form.kind === 'given' && !isFilled(form.plain) ? [] : entry(key, form.plain, indent, mode);
  }
  if (form.kind === 'inline') return [`${name} {{ ${form.go} }}`];
  if (form.kind === 'block') return [name, inserted(form.go, indent + 2)];
  const shown = typeof form.plain === 'object' ? [name, inserted('toYaml .', indent + 2)] : [`${name} {{ . | quote }}`];
  return wrapped(`with .Values.${form.path}`, shown);
}

function conditional(form: { readonly go: string; readonly plain: boolean }, mode: Mode, lines: () => Lines): Lines {
  if (mode === 'plain') return form.plain ? lines() : [];
  return wrapped(form.go === '' ? '' : `if ${form.go}`, lines());
}

/** A list item. */
function item(node: Node, indent: number, mode: Mode): Lines {
  if (node instanceof Mark) return markedItem(node, indent, mode);
  if (node === null || typeof node !== 'object' || isList(node)) return [`${pad(indent)}- ${flow(node)}`];
  const [first = '', ...rest] = mapping(node, indent + 2, mode);
  return [`${pad(indent)}- ${first.slice(indent + 2)}`, ...rest];
}

function markedItem(mark: Mark, indent: number, mode: Mode): Lines {
  const { form } = mark;
  if (form.kind === 'note') return [...comment(form.text, indent), ...item(form.node, indent, mode)];
  if (form.kind === 'when') return conditional(form, mode, () => item(form.node, indent, mode));
  if (form.kind === 'inline') {
    return mode === 'plain' ? item(form.plain, indent, mode) : [`${pad(indent)}- {{ ${form.go} }}`];
  }
  return inPlace(mark, indent, mode);
}

/** The keys of a value, or the items of a list, without a key of their own. */
function inPlace(node: Node, indent: number, mode: Mode): Lines {
  if (!(node instanceof Mark))
    return isList(node) ? sequence(node, indent, mode) : mapping(node as Mapping, indent, mode);
  const { form } = node;
  if (form.kind === 'note') return [...comment(form.text, indent), ...inPlace(form.node, indent, mode)];
  if (form.kind === 'when') return conditional(form, mode, () => inPlace(form.node, indent, mode));
  if (mode === 'plain') return inPlace(form.plain, indent, mode);
  if (form.kind !== 'given') return [inserted(form.go, indent)];
  return wrapped(`with .Values.${form.path}`, [inserted('toYaml .', indent)]);
}

const scalar = (of: string | number | boolean | null): string => stringify(of, { lineWidth: 0 }).trimEnd();
const flow = (node: Node): string => stringify(node, { lineWidth: 0, collectionStyle: 'flow' }).trimEnd();
