/** Helm and kubectl in tests: the chart rendered with values, deploy/kubernetes as kustomize builds it. */
import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parseAllDocuments } from 'yaml';
import { findTool } from '../support/tools.ts';

export const ROOT = join(import.meta.dirname, '../..');
export const CHART = join(ROOT, 'deploy/helm/llamacloud-exporter');

const INSTALL = 'scripts/ci/helm.sh DIR installs it; then put DIR/bin on the PATH';
/** Paths of the programs; empty where they are not installed. */
export const HELM = findTool('helm', INSTALL) ?? '';
export const KUBECTL = findTool('kubectl', INSTALL) ?? '';

export type Manifest = {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
  // oxlint-disable-next-line typescript/no-explicit-any -- a manifest of any kind; its model judges it
  readonly [key: string]: any;
};

const run = promisify(execFile);
const manifests = (text: string): readonly Manifest[] =>
  parseAllDocuments(text)
    .map((document) => document.toJS() as Manifest | null)
    .filter((manifest) => manifest !== null);

/** Values files of the chart, as chart-testing finds them. */
export const valuesFiles = async (): Promise<readonly string[]> => (await readdir(join(CHART, 'ci'))).toSorted();

/** Standard output of helm; an error with what it wrote to standard error. */
export async function helm(...args: readonly string[]): Promise<string> {
  return (await run(HELM, [...args], { maxBuffer: 1 << 26 })).stdout;
}

/** The manifests of a release called llamacloud-exporter in the namespace llamacloud. */
export async function template(...args: readonly string[]): Promise<readonly Manifest[]> {
  return manifests(await helm('template', 'llamacloud-exporter', CHART, '--namespace=llamacloud', ...args));
}

/** The same with a file of `ci/`. */
export const templateOf = (file: string): Promise<readonly Manifest[]> =>
  template(`--values=${join(CHART, 'ci', file)}`);

/** What helm says when it refuses. */
export async function refusal(...args: readonly string[]): Promise<string> {
  return template(...args).then(
    () => 'nothing was refused',
    (error: Error & { readonly stderr?: string }) => error.stderr ?? error.message,
  );
}

/** A folder of deploy/ as kustomize builds it. */
export async function kustomize(folder: string): Promise<readonly Manifest[]> {
  return manifests((await run(KUBECTL, ['kustomize', join(ROOT, folder)], { maxBuffer: 1 << 26 })).stdout);
}

/** The manifest of a kind; throws where there is none. */
export const find = (among: readonly Manifest[], kind: string, name = /./): Manifest => {
  const found = among.find((manifest) => manifest.kind === kind && name.test(manifest.metadata.name));
  if (found === undefined) throw new Error(`no ${kind}`);
  return found;
};
