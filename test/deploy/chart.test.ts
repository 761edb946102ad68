/** The Helm chart: linted, rendered and refused by a real helm. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { CHART, find, HELM, helm, type Manifest, ROOT, refusal, template, templateOf, valuesFiles } from './helm.ts';
import { wrongKeys, wrongValues } from './models.ts';

const files = await valuesFiles();
const podOf = (manifests: readonly Manifest[]) => find(manifests, 'Deployment')['spec'].template.spec;

describe.runIf(HELM)('the chart', { timeout: 60_000 }, () => {
  it.each(files)('passes the strict linter with %s', async (file) => {
    expect(await helm('lint', '--strict', `--values=${join(CHART, 'ci', file)}`, CHART)).toContain('0 chart(s) failed');
  });

  it.each(files)('renders what the models accept with %s', async (file) => {
    const manifests = await templateOf(file);
    expect((await Promise.all(manifests.map(wrongValues))).filter((fault) => fault !== '')).toEqual([]);
    expect(await wrongKeys(manifests)).toBe('');
  });

  it('renders every kind that it can', async () => {
    const kinds = (await Promise.all(files.map(templateOf))).flat().map(({ kind }) => kind);
    expect([...new Set(kinds)].toSorted()).toEqual(
      [
        'ConfigMap Deployment NetworkPolicy PersistentVolumeClaim Pod PodDisruptionBudget PodMonitor PrometheusRule ScrapeConfig Secret',
        'Service ServiceAccount ServiceMonitor',
      ].flatMap((line) => line.split(' ')),
    );
  });

  it('has the version of the package', async () => {
    const { version } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as { version: string };
    const chart = parse(await readFile(join(CHART, 'Chart.yaml'), 'utf8')) as { version: string; appVersion: string };
    expect([chart.version, chart.appVersion]).toEqual([version, version]);
  });
});

describe.runIf(HELM)('the models', { timeout: 60_000 }, () => {
  it('refuse a key that nobody knows, and a value of the wrong kind', async () => {
    const service = find(await template(), 'Service');
    const misspelt = { ...service, spec: { ...service['spec'], publishNotReadyAdresses: true } };
    expect(await wrongKeys([misspelt])).toContain('publishNotReadyAdresses');
    expect(await wrongValues({ ...service, spec: { ...service['spec'], ports: [{ port: 'many' }] } })).toMatch(/port/);
  });
});

describe.runIf(HELM)('values', { timeout: 60_000 }, () => {
  it('that the chart does not have are refused', async () => {
    expect(await refusal('--set=replicas=1')).toMatch(/additional properties 'replicas' not allowed/);
    expect(await refusal('--set=state.sqlite.persistence.sise=1Gi')).toMatch(/'sise' not allowed/);
  });

  it('of the wrong kind are refused', async () => {
    expect(await refusal('--set=state.type=mysql')).toMatch(/state\/type/);
    expect(await refusal('--set=serviceMonitor.enabled=sure')).toMatch(/serviceMonitor\/enabled/);
  });

  it('for several pods on SQLite are refused by the schema, and by the chart without it', async () => {
    expect(await refusal('--set=replicaCount=2')).toMatch(/replicaCount.*maximum.*2/s);
    expect(await refusal('--set=replicaCount=2', '--skip-schema-validation')).toContain(
      'one process holds a SQLite state: set replicaCount to 1, or state.type to postgresql',
    );
  });

  it('for PostgreSQL without an address are refused by the schema, and by the chart without it', async () => {
    expect(await refusal('--set=state.type=postgresql')).toMatch(/state\/postgresql\/url/);
    expect(await refusal('--set=state.type=postgresql', '--skip-schema-validation')).toContain(
      'state.postgresql.url is missing',
    );
  });

  it('are all in values.yaml, with a sentence each, and in the README', async () => {
    const text = await readFile(join(CHART, 'values.yaml'), 'utf8');
    const readme = await readFile(join(CHART, 'README.md'), 'utf8');
    const values = parse(text) as Readonly<Record<string, unknown>>;
    expect(Object.keys(values).length).toBeGreaterThan(40);
    for (const key of Object.keys(values)) {
      expect(text).toMatch(new RegExp(`^# .+\\n${key}:`, 'm'));
      expect(readme).toMatch(new RegExp(`^\\| \`${key}[.\`]`, 'm'));
    }
  });
});

describe.runIf(HELM)('a release', { timeout: 60_000 }, () => {
  it('with TLS and users lets the kubelet and Prometheus in', async () => {
    const manifests = await templateOf('tls-values.yaml');
    const { livenessProbe, readinessProbe, args } = podOf(manifests).containers[0];
    expect(args).toContain('--web.config.file=/etc/llamacloud-exporter-web/web.yml');
    const authorization = `Basic ${Buffer.from('kubelet:not-a-secret').toString('base64')}`;
    for (const [probe, path] of [
      [livenessProbe, '/llamacloud/-/healthy'],
      [readinessProbe, '/llamacloud/-/ready'],
    ]) {
      expect(probe.httpGet).toMatchObject({ scheme: 'HTTPS', path });
      expect(probe.httpGet.httpHeaders).toContainEqual({ name: 'Authorization', value: authorization });
    }
    const [endpoint] = find(manifests, 'ServiceMonitor')['spec'].endpoints;
    expect(endpoint).toMatchObject({ scheme: 'https', path: '/llamacloud/metrics', scrapeTimeout: '10s' });
    expect(endpoint.basicAuth.username).toEqual({ name: 'prometheus-user', key: 'name' });
  });

  it('on PostgreSQL rolls, needs no volume and reads the password from a file', async () => {
    const manifests = await templateOf('postgresql-values.yaml');
    expect(find(manifests, 'Deployment')['spec'].strategy).toEqual({
      type: 'RollingUpdate',
      rollingUpdate: { maxSurge: 1, maxUnavailable: 0 },
    });
    expect(manifests.filter(({ kind }) => kind === 'PersistentVolumeClaim')).toEqual([]);
    const pod = podOf(manifests);
    const [{ env, volumeMounts }] = pod.containers;
    expect(env[0].value).toBe('postgresql://exporter@postgres.databases.svc:5432/exporter');
    expect(volumeMounts.map((mount: { name: string }) => mount.name)).not.toContain('state');
    const config = parse(find(manifests, 'ConfigMap')['data']['config.yml']) as { state: unknown };
    expect(config.state).toEqual({ password_file: '/run/secrets/llamacloud-exporter-state/password' });
    expect(pod.topologySpreadConstraints[0].labelSelector.matchLabels).toMatchObject({
      'app.kubernetes.io/name': 'llamacloud-exporter',
    });
    expect(find(manifests, 'Service')['spec'].publishNotReadyAddresses).toBe(false);
    expect(find(manifests, 'ScrapeConfig')['spec'].staticConfigs[0].targets).toEqual([
      'llamacloud-exporter.llamacloud.svc:10940',
    ]);
  });

  it('on SQLite never runs two pods, and keeps its claim when it is removed', async () => {
    const manifests = await templateOf('default-values.yaml');
    expect(find(manifests, 'Deployment')['spec']).toMatchObject({ replicas: 1, strategy: { type: 'Recreate' } });
    const claim = find(manifests, 'PersistentVolumeClaim').metadata as { annotations?: unknown };
    expect(claim.annotations).toEqual({ 'helm.sh/resource-policy': 'keep' });
  });

  it('lets OpenShift choose the user', async () => {
    const { securityContext } = podOf(await templateOf('openshift-values.yaml'));
    expect(securityContext).toMatchObject({ runAsNonRoot: true });
    expect(Object.keys(securityContext)).not.toContain('runAsUser');
  });

  it('leaves out disabled alerts, and labels what the operator and the sidecar select', async () => {
    const manifests = await templateOf('everything-values.yaml');
    const rule = find(manifests, 'PrometheusRule');
    const names = rule['spec'].groups.flatMap((group: { rules: { alert?: string }[] }) =>
      group.rules.map((each) => each.alert),
    );
    expect(names).toContain('LlamaCloudExporterAbsent');
    expect(names).not.toContain('LlamaCloudExporterDown');
    expect(rule.metadata.labels).toMatchObject({ release: 'kube-prometheus-stack' });
    const dashboards = manifests.filter(({ metadata }) => metadata.namespace === 'grafana');
    expect(dashboards.map(({ metadata }) => metadata.labels?.['grafana_dashboard'])).toEqual(dashboards.map(() => '1'));
    for (const { data } of dashboards) {
      for (const text of Object.values(data as Record<string, string>))
        expect(JSON.parse(text)).toHaveProperty('panels');
    }
  });

  it('restarts when its configuration changes', async () => {
    const checksum = async (...args: string[]): Promise<unknown> =>
      find(await template(...args), 'Deployment')['spec'].template.metadata.annotations['checksum/config'];
    expect(await checksum()).not.toBe(await checksum('--set=config.polling.interval=30s'));
  });
});
