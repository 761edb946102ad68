/** The manifests of deploy/kubernetes: one exporter without privileges, and what kustomize builds from them. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { KUBECTL, kustomize } from './helm.ts';

const FOLDER = join(import.meta.dirname, '../../deploy/kubernetes');
const read = async (name: string): Promise<unknown> => parse(await readFile(join(FOLDER, name), 'utf8'));

type Kustomization = {
  readonly resources: readonly string[];
  readonly configMapGenerator: readonly { readonly name: string; readonly files: readonly string[] }[];
};
type Deployment = {
  readonly spec: {
    readonly replicas: number;
    readonly strategy: unknown;
    readonly template: { readonly spec: PodSpec };
  };
};
type PodSpec = {
  readonly securityContext: unknown;
  readonly automountServiceAccountToken: boolean;
  readonly volumes: readonly { readonly name: string }[];
  readonly containers: readonly {
    readonly securityContext: unknown;
    readonly livenessProbe: unknown;
    readonly readinessProbe: unknown;
    readonly volumeMounts: readonly { readonly name: string }[];
  }[];
};

const filesOf = (generators: Kustomization['configMapGenerator']): readonly string[] =>
  generators.flatMap((each) => each.files.map((file) => file.split('=').at(-1) ?? ''));

describe('deploy/kubernetes', () => {
  it('names files that exist', async () => {
    const own = (await read('kustomization.yaml')) as Kustomization;
    const dashboards = (await read('../../grafana/kustomization.yaml')) as Kustomization;
    const files = [
      ...[...own.resources, ...filesOf(own.configMapGenerator)].map((name) => join(FOLDER, name)),
      ...filesOf(dashboards.configMapGenerator).map((name) => join(FOLDER, '../../grafana', name)),
    ];
    expect(files.filter((file) => !existsSync(file))).toEqual([]);
    expect(files.filter((file) => file.endsWith('.json'))).toHaveLength(3);
  });

  it('runs one exporter at a time', async () => {
    const { spec } = (await read('deployment.yaml')) as Deployment;
    expect(spec.replicas).toBe(1);
    expect(spec.strategy).toEqual({ type: 'Recreate' });
  });

  it('gives the pod no privileges and the probes their paths', async () => {
    const pod = ((await read('deployment.yaml')) as Deployment).spec.template.spec;
    expect(pod.automountServiceAccountToken).toBe(false);
    expect(pod.securityContext).toMatchObject({
      runAsNonRoot: true,
      runAsUser: 1000,
      seccompProfile: { type: 'RuntimeDefault' },
    });
    const [container] = pod.containers;
    expect(container?.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
    expect(container?.livenessProbe).toMatchObject({ httpGet: { path: '/-/healthy' } });
    expect(container?.readinessProbe).toMatchObject({ httpGet: { path: '/-/ready' } });
    expect(container?.volumeMounts.map((each) => each.name).toSorted()).toEqual(
      pod.volumes.map((each) => each.name).toSorted(),
    );
  });

  it.runIf(KUBECTL)('is what kustomize builds', async () => {
    const built = await kustomize('deploy/kubernetes');
    const kinds = built.map((each) => each.kind).toSorted();
    const maps = Array.from({ length: 4 }, () => 'ConfigMap');
    const own = ['Deployment', 'Namespace', 'NetworkPolicy', 'PersistentVolumeClaim', 'Service', 'ServiceAccount'];
    expect(kinds).toEqual([...maps, ...own, 'PrometheusRule', 'ServiceMonitor'].toSorted());
    const dashboards = built.filter((each) => each.metadata.name.startsWith('llamacloud-dashboard-'));
    expect(dashboards).toHaveLength(3);
    for (const { data } of dashboards) {
      for (const text of Object.values(data as Record<string, string>))
        expect(JSON.parse(text)).toHaveProperty('panels');
    }
  });
});
