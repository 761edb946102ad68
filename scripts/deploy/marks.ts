/** What a manifest is made of: YAML, and marks that a Helm template and a plain manifest render differently. */
import { at } from './values/values.ts';

export type Yaml = string | number | boolean | null | readonly Yaml[] | { readonly [key: string]: Yaml };

/** A node of a manifest. The name of a key that begins with `...` is not written: the keys of its value are. */
export type Node = Yaml | Mark | readonly Node[] | { readonly [key: string]: Node };

type Form =
  /** An expression on the line of its key. */
  | { readonly kind: 'inline'; readonly go: string; readonly plain: Node }
  /** An expression that makes lines of YAML. */
  | { readonly kind: 'block'; readonly go: string; readonly plain: Node }
  /** A value that is written if it is not empty. */
  | { readonly kind: 'given'; readonly path: string; readonly plain: Yaml }
  /** A node that is written under a condition. */
  | { readonly kind: 'when'; readonly go: string; readonly plain: boolean; readonly node: Node }
  /** A node with a comment above it. */
  | { readonly kind: 'note'; readonly text: string; readonly node: Node };

export class Mark {
  readonly form: Form;
  constructor(form: Form) {
    this.form = form;
  }
}

export const inline = (go: string, plain: Node): Mark => new Mark({ kind: 'inline', go, plain });
export const block = (go: string, plain: Node): Mark => new Mark({ kind: 'block', go, plain });
export const note = (text: string, node: Node): Mark => new Mark({ kind: 'note', text, node });

/** A number or word of the chart's values. */
export const value = (path: string): Mark => inline(`.Values.${path}`, at(path));
/** A string of the chart's values, whatever it looks like. */
export const quoted = (path: string): Mark => inline(`.Values.${path} | quote`, at(path));
/** A mapping or list of the chart's values. */
export const tree = (path: string): Mark => block(`toYaml .Values.${path}`, at(path));
/** The same, left out where it is empty. As a list item, or under a key `...`, its parts are written in place. */
export const given = (path: string): Mark => new Mark({ kind: 'given', path, plain: at(path) });

/** A node that is written if a value is true or not empty. */
export const when = (path: string, node: Node): Mark => whenever(`.Values.${path}`, isFilled(at(path)), node);
/** A node that is written under a condition of Helm. `plain`: whether deploy/kubernetes has it. */
export const whenever = (go: string, plain: boolean, node: Node): Mark => new Mark({ kind: 'when', go, plain, node });
/** A node of the chart only: in deploy/kubernetes kustomize does the same. */
export const helmOnly = (node: Node): Mark => new Mark({ kind: 'when', go: '', plain: false, node });

/** False for what Helm takes for false. */
export function isFilled(of: Yaml): boolean {
  if (typeof of === 'object' && of !== null) return Object.keys(of).length > 0;
  return Boolean(of);
}
