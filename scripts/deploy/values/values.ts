/** All values of the chart: their defaults, and those under which deploy/kubernetes is rendered. */
import { z } from 'zod';
import type { Yaml } from '../marks.ts';
import { EXPORTER } from './exporter.ts';
import { labels, part, text } from './leaves.ts';
import { MONITORING } from './monitoring.ts';
import { WORKLOAD } from './workload.ts';

export const Values = z.strictObject({
  nameOverride: text('', 'Name of the application, if not that of the chart.'),
  fullnameOverride: text('', 'Name of all objects, if not made from the release.'),
  namespaceOverride: text('', 'Namespace of all objects, if not that of the release.'),
  commonLabels: labels({}, 'Labels of all objects.'),
  global: part({}, 'Ignored; Helm passes it to every chart.'),
  ...EXPORTER,
  ...WORKLOAD,
  ...MONITORING,
});

type Tree = { readonly [key: string]: Yaml };

export const DEFAULTS = Values.parse({}) as unknown as Tree;

/** What deploy/kubernetes has beside the defaults; ci/kubernetes-values.yaml holds the same for Helm. */
export const KUBERNETES: Tree = {
  fullnameOverride: 'llamacloud-exporter',
  networkPolicy: { enabled: true },
  serviceMonitor: { enabled: true },
  prometheusRule: { enabled: true },
  dashboards: { enabled: true },
};

/** What deploy/kubernetes-replicas has beside the defaults; ci/replicas-values.yaml holds the same for Helm. */
export const REPLICAS: Tree = {
  fullnameOverride: 'llamacloud-exporter',
  replicaCount: 2,
  state: {
    type: 'postgresql',
    postgresql: {
      url: 'postgresql://exporter@postgres.databases.svc:5432/exporter',
      existingSecret: 'llamacloud-exporter-database',
    },
  },
  networkPolicy: {
    enabled: true,
    extraEgress: [
      {
        to: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'databases' } } }],
        ports: [{ port: 5432, protocol: 'TCP' }],
      },
    ],
  },
  topologySpreadConstraints: [
    { maxSkew: 1, topologyKey: 'kubernetes.io/hostname', whenUnsatisfiable: 'ScheduleAnyway' },
  ],
  scrapeConfig: { enabled: true },
  podMonitor: { enabled: true },
  podDisruptionBudget: { enabled: true },
  prometheusRule: { enabled: true },
  dashboards: { enabled: true },
};

function merge(base: Tree, over: Tree): Tree {
  const merged: Record<string, Yaml> = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const before = merged[key];
    merged[key] = isTree(before) && isTree(value) ? merge(before, value) : value;
  }
  return merged;
}

const isTree = (value: Yaml | undefined): value is Tree =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const plain = merge(DEFAULTS, KUBERNETES);

/** The value at a path such as `image.tag` in deploy/kubernetes. An error for a path that the chart does not have. */
export function at(path: string): Yaml {
  let value: Yaml | undefined = plain;
  for (const key of path.split('.')) value = isTree(value) ? value[key] : undefined;
  if (value === undefined) throw new RangeError(`the chart has no value ${path}`);
  return value;
}
