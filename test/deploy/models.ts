/** Judges manifests by the models of Kubernetes and of the Prometheus operator: their values, and their keys. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Manifest } from './helm.ts';

const OPERATOR = '@kubernetes-models/prometheus-operator/monitoring.coreos.com';

/** Module of each model, by version and kind. */
const MODULES: Readonly<Record<string, string>> = {
  'apps/v1 Deployment': 'kubernetes-models/apps/v1',
  'networking.k8s.io/v1 NetworkPolicy': 'kubernetes-models/networking.k8s.io/v1',
  'policy/v1 PodDisruptionBudget': 'kubernetes-models/policy/v1',
  'monitoring.coreos.com/v1 PodMonitor': `${OPERATOR}/v1`,
  'monitoring.coreos.com/v1 PrometheusRule': `${OPERATOR}/v1`,
  'monitoring.coreos.com/v1 ServiceMonitor': `${OPERATOR}/v1`,
  'monitoring.coreos.com/v1alpha1 ScrapeConfig': `${OPERATOR}/v1alpha1`,
  ...Object.fromEntries(
    ['ConfigMap', 'Namespace', 'PersistentVolumeClaim', 'Pod', 'Secret', 'Service', 'ServiceAccount'].map((kind) => [
      `v1 ${kind}`,
      'kubernetes-models/v1',
    ]),
  ),
};

type Model = new (data: unknown) => { validate(): void };

const moduleOf = ({ apiVersion, kind }: Manifest): string => {
  const found = MODULES[`${apiVersion} ${kind}`];
  if (found === undefined) throw new Error(`no model for ${apiVersion} ${kind}`);
  return found;
};

/** What the models say against the values of a manifest; empty: nothing. They let unknown keys pass. */
export async function wrongValues(manifest: Manifest): Promise<string> {
  const models = (await import(moduleOf(manifest))) as Readonly<Record<string, Model>>;
  const model = models[manifest.kind];
  if (model === undefined) throw new Error(`no model ${manifest.kind}`);
  try {
    new model(manifest).validate();
    return '';
  } catch (error) {
    return `${manifest.kind} ${manifest.metadata.name}: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** What the TypeScript compiler says of the manifests as literals of the models' types: unknown keys above all. Empty: nothing. */
export async function wrongKeys(manifests: readonly Manifest[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'manifests-'));
  try {
    await symlink(join(import.meta.dirname, '../../node_modules'), join(folder, 'node_modules'));
    await writeFile(join(folder, 'package.json'), '{"type": "module"}');
    await writeFile(join(folder, 'manifests.ts'), manifests.map(literal).join('\n'));
    const flags = [
      '--noEmit',
      '--strict',
      '--skipLibCheck',
      '--module',
      'nodenext',
      '--target',
      'es2024',
      '--preserveSymlinks',
    ];
    const compiler = join(import.meta.dirname, '../../node_modules/.bin/tsc');
    return await promisify(execFile)(compiler, [...flags, '--types', '', 'manifests.ts'], { cwd: folder }).then(
      () => '',
      (error: Error & { readonly stdout?: string }) => error.stdout ?? error.message,
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function literal(manifest: Manifest, index: number): string {
  const type = `import('${moduleOf(manifest)}').I${manifest.kind}`;
  return `export const m${index}: ${type} = ${JSON.stringify(manifest)};`;
}
