/** What all manifests share: names, labels and the paths of the exporter. */
import { block, helmOnly, inline, type Mark, type Node, whenever } from '../marks.ts';

export const NAME = 'llamacloud-exporter';
/** The namespace of deploy/kubernetes. */
export const PLAIN_NAMESPACE = 'llamacloud';

export type Manifest = {
  /** Name of the file, in the chart's templates and in deploy/kubernetes. */
  readonly file: string;
  /** What it is for: the first line of the file. */
  readonly about: string;
  /** Condition in the chart; empty: always. */
  readonly condition: string;
  readonly document: { readonly [key: string]: Node };
};

const helper = (name: string, context = '.'): string => `include "llamacloud-exporter.${name}" ${context}`;
/** A named template that makes one word. */
export const called = (name: string, plain: Node): Mark => inline(helper(name), plain);
/** A named template that makes lines. */
export const made = (name: string, plain: Node): Mark => block(helper(name), plain);

type Meta = {
  /** After the name of the release. */
  readonly suffix?: string;
  readonly namespace?: string;
  readonly extra?: { readonly [key: string]: Node };
  /** Path of values with further labels. */
  readonly labels?: string;
};

/** Name, namespace and labels. In deploy/kubernetes namespace and labels come from the kustomization. */
export function metadata({ suffix = '', namespace = '', labels = '', extra = {} }: Meta = {}): Node {
  const own = namespace === '' ? helper('namespace') : `default (${helper('namespace')}) .Values.${namespace}`;
  const more = labels === '' ? {} : { '...': helmOnly(whenever(`.Values.${labels}`, false, splice(labels))) };
  return {
    name: inline(`${helper('fullname')}${suffix === '' ? '' : ` | printf "%s${suffix}"`}`, `${NAME}${suffix}`),
    namespace: helmOnly(inline(own, '')),
    labels: helmOnly({ '...own': block(helper('labels'), {}), ...more }),
    ...extra,
  };
}

const splice = (path: string): Node => ({ '...': block(`toYaml .Values.${path}`, {}) });

export const SELECTOR: Node = { '...': made('selectorLabels', { 'app.kubernetes.io/name': NAME }) };

/** A path of the exporter under its prefix. */
export const route = (path: string): Mark => inline(`${helper('routePrefix')} | printf "%s${path}"`, path);
