/** The manifests for kustomize are what the chart renders. */
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { find, HELM, KUBECTL, kustomize, type Manifest, templateOf } from './helm.ts';
import { wrongKeys, wrongValues } from './models.ts';

describe.runIf(HELM && KUBECTL)('deploy/kubernetes', { timeout: 60_000 }, () => {
  /** What Helm and kustomize each add in their own way. */
  function bare(manifest: Manifest): unknown {
    const { labels: _, ...metadata } = manifest.metadata;
    const text = JSON.stringify({ ...manifest, metadata })
      .replaceAll(
        /"app\.kubernetes\.io\/instance":"llamacloud-exporter",|,?"app\.kubernetes\.io\/instance":"llamacloud-exporter"/g,
        '',
      )
      .replaceAll(/"(name|configMap)":"llamacloud-exporter-[a-z0-9]{10}"/g, '"$1":"llamacloud-exporter"');
    const plain = JSON.parse(text) as Manifest;
    if (plain.kind === 'Deployment') delete plain['spec'].template.metadata.annotations;
    if (plain.kind === 'PersistentVolumeClaim') delete (plain.metadata as { annotations?: unknown }).annotations;
    if (plain.kind.endsWith('Monitor')) delete plain['spec'].namespaceSelector;
    return plain;
  }

  /** The lists of a pod that kustomize has in another order. */
  function inOrder(manifest: Manifest): Manifest {
    if (manifest.kind !== 'Deployment') return manifest;
    const copy = structuredClone(manifest);
    const pod = copy['spec'].template.spec;
    const byName = (a: { name: string }, b: { name: string }): number => a.name.localeCompare(b.name);
    pod.volumes.sort(byName);
    pod.containers[0].volumeMounts.sort(byName);
    return copy;
  }

  const KINDS = ['Deployment', 'NetworkPolicy', 'PersistentVolumeClaim', 'Service', 'ServiceAccount', 'ServiceMonitor'];

  it.each(KINDS)('has the same %s as the chart', async (kind) => {
    const built = find(await kustomize('deploy/kubernetes'), kind);
    expect(bare(built)).toEqual(bare(find(await templateOf('kubernetes-values.yaml'), kind)));
  });

  it('has the same for replicas as the chart, and nothing of one pod', async () => {
    const built = await kustomize('deploy/kubernetes-replicas');
    const rendered = await templateOf('replicas-values.yaml');
    const kinds = ['Deployment', 'NetworkPolicy', 'PodDisruptionBudget', 'PodMonitor', 'ScrapeConfig', 'Service'];
    const shown = (manifests: readonly Manifest[]) => kinds.map((kind) => bare(inOrder(find(manifests, kind))));
    expect(shown(built)).toEqual(shown(rendered));
    const configOf = (manifests: readonly Manifest[]): unknown =>
      parse(find(manifests, 'ConfigMap', /^llamacloud-exporter(-[a-z0-9]{10})?$/)['data']['config.yml']);
    expect(configOf(built)).toEqual(configOf(rendered));
    for (const kind of ['PersistentVolumeClaim', 'ServiceMonitor'])
      expect(built.map((manifest) => manifest.kind)).not.toContain(kind);
  });

  it('has the same rules as the chart', async () => {
    const groups = async (manifests: readonly Manifest[]): Promise<unknown> => {
      const list = find(manifests, 'PrometheusRule')['spec'].groups as readonly { readonly name: string }[];
      return list.toSorted((a, b) => a.name.localeCompare(b.name));
    };
    expect(await groups(await templateOf('kubernetes-values.yaml'))).toEqual(
      await groups(await kustomize('deploy/kubernetes')),
    );
  });

  it.each(['deploy/kubernetes', 'deploy/kubernetes-overlay', 'deploy/kubernetes-replicas'])(
    'is what the models accept: %s',
    async (folder) => {
      const manifests = await kustomize(folder);
      expect((await Promise.all(manifests.map(wrongValues))).filter((fault) => fault !== '')).toEqual([]);
      expect(await wrongKeys(manifests)).toBe('');
    },
  );

  it('can be selected by a label', async () => {
    const selected = (await kustomize('deploy/kubernetes-overlay')).filter(
      ({ metadata }) => metadata.labels?.['release'] === 'kube-prometheus-stack',
    );
    expect(selected.map(({ kind }) => kind).toSorted()).toEqual(['PrometheusRule', 'ServiceMonitor']);
  });
});
