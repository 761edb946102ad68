/**
 * The commands of deploy/README.md, run as written: systemd, Kubernetes and Docker Compose each end in a working
 * installation.
 */
import { mkdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { run } from '../cli/program.ts';
import { findTool } from '../support/tools.ts';
import { KUBECTL, type Manifest, ROOT } from './helm.ts';
import { Machine, recipe } from './recipes.ts';

const README = 'deploy/README.md';
const compose = findTool('docker-compose');

describe('the recipe for systemd', () => {
  /** Everything below /etc goes into the machine's folder; npm has installed a link to this checkout. */
  async function installed(): Promise<Machine> {
    const machine = new Machine();
    const modules = join(machine.folder, 'lib/node_modules');
    mkdirSync(modules, { recursive: true });
    symlinkSync(ROOT, join(modules, 'llamacloud-exporter'));
    machine.program('npm', `[ "$1" = root ] && echo "${modules}" || true`).program('systemctl', 'true');
    await machine.run(recipe(README, 'systemd').replaceAll(' /etc/', ` ${machine.folder}/etc/`));
    return machine;
  }

  it('installs key, configuration and unit, and starts the service', async () => {
    const machine = await installed();
    expect(machine.called()).toEqual([
      'npm install --global llamacloud-exporter',
      'npm root --global',
      'systemctl daemon-reload',
      'systemctl enable --now llamacloud-exporter',
    ]);
    expect(statSync(join(machine.folder, 'etc/llamacloud-exporter/api-key')).mode & 0o777).toBe(0o600);
  });

  it('ends in a service that has all it needs', async () => {
    const { folder } = await installed();
    const unit = readFileSync(join(folder, 'etc/systemd/system/llamacloud-exporter.service'), 'utf8');
    const [, command = ''] = /^ExecStart=\/usr\/bin\/env llamacloud-exporter (.*)$/m.exec(unit) ?? [];
    const credential = /^LoadCredential=api-key:(.*)$/m.exec(unit)?.[1];
    expect(credential).toBe('/etc/llamacloud-exporter/api-key');
    const variables = [...unit.matchAll(/^Environment=(\w+)=(.*)$/gm)].map(([, name = '', value = '']) => [
      name,
      value.replace('%d', `${folder}/etc/llamacloud-exporter`),
    ]);
    const args = command.replaceAll('/etc/', `${folder}/etc/`).split(' ');
    const { code, stdout, stderr } = await run([...args, '--config.check'], { env: Object.fromEntries(variables) });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('sqlite:/var/lib/llamacloud-exporter/state.db');
    expect(stdout).not.toContain('warning');
  });
});

describe.runIf(KUBECTL)('the recipe for Kubernetes', () => {
  /** A kubectl that prints what it would apply: there is no cluster. */
  const KUBECTL_WITHOUT_CLUSTER = `case "$*" in
    "apply --kustomize "*) "${KUBECTL}" kustomize "$3" ;;
    "apply --filename "*) cat "$3" ;;
    *"create secret"*) "${KUBECTL}" "$@" --dry-run=client --output=yaml ;;
    *) exit 1 ;;
  esac; echo ---`;

  it('makes the namespace and the secret that the pod wants, in that order', async () => {
    const machine = new Machine().program('kubectl', KUBECTL_WITHOUT_CLUSTER);
    const text = recipe(README, 'Kubernetes without Helm').replace('./key', join(machine.folder, 'key'));
    const applied = parseAllDocuments(await machine.run(text, ROOT)).map((each) => each.toJS() as Manifest | null);
    const manifests = applied.filter((manifest) => manifest !== null);
    expect(manifests.slice(0, 2).map(({ kind }) => kind)).toEqual(['Namespace', 'Secret']);
    const [namespace, secret] = manifests;
    const pod = manifests.find(({ kind }) => kind === 'Deployment')?.['spec'].template.spec;
    const wanted = pod.volumes.find((volume: { secret?: object }) => volume.secret !== undefined).secret.secretName;
    expect(secret?.metadata).toMatchObject({ name: wanted, namespace: namespace?.metadata.name });
    expect(Buffer.from(secret?.['data']['api-key'], 'base64').toString()).toBe('llx-recipe\n');
    const outside = manifests.filter(
      ({ kind, metadata }) => kind !== 'Namespace' && metadata.namespace !== 'llamacloud',
    );
    expect(outside.map(({ kind }) => kind)).toEqual([]);
  });
});

describe.runIf(compose)('the recipe for Compose', () => {
  // No engine runs here: Compose reads the project as `up` would. test/containers builds and runs the image.
  it('starts the demo, and the exporter with a key', async () => {
    const machine = new Machine().program(
      'docker',
      `shift; case "$1" in --profile) profile="$1=$2"; shift 2 ;; esac; [ "$1" = up ] && "${compose}" $profile config --services`,
    );
    const started = (await machine.run(recipe(README, 'Docker Compose'), ROOT)).trimEnd().split('\n');
    expect(machine.called()).toEqual(['docker compose --profile demo up --build', 'docker compose up -d --build']);
    expect(started.filter((name) => name === 'exporter')).toHaveLength(2);
    expect(started.filter((name) => name === 'simulator')).toHaveLength(1);
  });
});
