/** Which part of /metrics an expression reads, and where it joins both by the target: found in Prometheus' own syntax tree. */
import { CATALOG, type MetricPart } from '../../src/metrics/catalog.ts';

/** A node as `/api/v1/parse_query` gives it, as far as joins are concerned. */
export type Tree = {
  readonly type: string;
  readonly op?: string;
  readonly name?: string;
  readonly expr?: Tree;
  readonly lhs?: Tree;
  readonly rhs?: Tree;
  readonly args?: readonly Tree[];
  readonly func?: { readonly name: string };
  readonly grouping?: readonly string[];
  readonly without?: boolean;
  readonly matching?: { readonly labels: readonly string[]; readonly on: boolean } | null;
};

type Parts = ReadonlySet<MetricPart>;
/** Parts of recorded series by name. */
export type Recorded = ReadonlyMap<string, Parts>;

const TARGET = ['job', 'instance'];
const none = (): Parts => new Set();
const union = (a: Parts, b: Parts): Parts => new Set([...a, ...b]);

const PART_OF: ReadonlyMap<string, MetricPart> = new Map(
  CATALOG.flatMap(({ name, part }) => ['', '_bucket', '_sum', '_count'].map((end) => [name + end, part] as const)),
);

const children = (tree: Tree): readonly Tree[] =>
  [tree.expr, tree.lhs, tree.rhs, ...(tree.args ?? [])].filter((child) => child !== undefined);

/** Whose series these are; nothing of `up` and `ALERTS`, which every target and every alert has. */
function partOf(name: string): Parts {
  if (/^(process|nodejs)_/.test(name)) return new Set(['exporter']);
  const part = PART_OF.get(name);
  return part === undefined ? none() : new Set([part]);
}

/** All parts whose series reach the result. */
export function parts(tree: Tree, recorded: Recorded): Parts {
  const own = tree.name === undefined || tree.name === '' ? none() : (recorded.get(tree.name) ?? partOf(tree.name));
  if (tree.func?.name === 'scalar') return none();
  // What these operators give is series of their left side.
  const reaching = tree.op === 'and' || tree.op === 'unless' ? children(tree).slice(0, 1) : children(tree);
  return reaching.reduce((found, child) => union(found, parts(child, recorded)), own);
}

/** Whether the result may have the labels of its target. */
function hasTarget(tree: Tree): boolean {
  if (tree.type === 'vectorSelector' || tree.type === 'matrixSelector') return true;
  if (tree.type === 'aggregation') {
    const grouping = tree.grouping ?? [];
    const kept = TARGET.filter((label) => grouping.includes(label) !== (tree.without === true));
    return kept.length > 0 && children(tree).some(hasTarget);
  }
  return tree.func?.name !== 'scalar' && children(tree).some(hasTarget);
}

/** Whether two sides are matched by the labels of their targets. */
function byTarget({ lhs, rhs, matching }: Tree): boolean {
  if (lhs === undefined || rhs === undefined || !hasTarget(lhs) || !hasTarget(rhs)) return false;
  const labels = matching?.labels ?? [];
  const isOn = matching?.on === true;
  return TARGET.some((label) => labels.includes(label) === isOn);
}

/** Operators that match a series of one part with a series of the other by job or instance. */
export function mixed(tree: Tree, recorded: Recorded): readonly string[] {
  const below = children(tree).flatMap((child) => mixed(child, recorded));
  if (tree.type !== 'binaryExpr' || tree.lhs === undefined || tree.rhs === undefined) return below;
  const [left, right] = [parts(tree.lhs, recorded), parts(tree.rhs, recorded)];
  const both = left.size > 0 && right.size > 0 && union(left, right).size > 1;
  return both && byTarget(tree) ? [...below, tree.op ?? ''] : below;
}
