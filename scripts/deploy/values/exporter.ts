/** Values of the exporter itself: configuration, key, state and what it listens with. */
import { flag, labels, list, oneOf, part, section, text, whole, words } from './leaves.ts';

export const EXPORTER = {
  config: part(
    {
      accounts: [{ name: 'default', api_key_file: '/run/secrets/llamacloud-exporter/api-key' }],
      prices: [{ projects: ['*'], input: 3, output: 15 }],
    },
    'Configuration of the exporter, see docs/configuration.md. The prices are examples: put your own. Every key of the secret is a file in /run/secrets/llamacloud-exporter.',
  ),
  existingSecret: text(
    '',
    'Secret with the API key under `api-key`; empty: one called like the release, which you create.',
  ),
  apiKey: text(
    '',
    'The API key, if the chart is to create the secret. Helm keeps it in its release; prefer `existingSecret`.',
  ),
  state: section('Where the counters live.', {
    type: oneOf(
      ['sqlite', 'postgresql'],
      '`sqlite`: one pod and a volume. `postgresql`: several pods over one database.',
    ),
    sqlite: section('The volume of the SQLite state.', {
      persistence: section('Without it the counters start at 0 with every pod.', {
        enabled: flag(true, 'Whether to keep the state.'),
        existingClaim: text('', 'A claim of your own; empty: the chart creates one.'),
        storageClass: text('', "Storage class; empty: the cluster's default. Block storage is best."),
        accessModes: words('Access modes.', ['ReadWriteOnce']),
        size: text('5Gi', 'About 200 bytes a session; the alert LlamaCloudExporterStateLarge fires at 4 GB.'),
        annotations: labels({}, 'Annotations of the claim.'),
        keep: flag(true, 'Whether the claim outlives `helm uninstall`.'),
      }),
    }),
    postgresql: section('The database.', {
      url: text('', '`postgresql://USER@HOST:5432/DATABASE`, without the password.'),
      existingSecret: text('', 'Secret with the password; empty: none is needed.'),
      passwordKey: text('password', 'Its key.'),
    }),
  }),
  web: section('How it listens.', {
    configSecret: text('', 'Secret with a web configuration (TLS, users); empty: none.'),
    configSecretKey: text('web.yml', 'Its key. The other keys, such as certificates, are files beside it.'),
    enableLifecycle: flag(false, 'Allows `POST /-/reload`.'),
    externalUrl: text('', 'URL under which people reach it, such as `https://ops.example.com/llamacloud`.'),
    routePrefix: text('', "Prefix of all paths; empty: the external URL's path."),
  }),
  service: section('The service.', {
    type: oneOf(['ClusterIP', 'NodePort', 'LoadBalancer'], 'Type.'),
    port: whole(10_940, 1, 'Port.'),
    annotations: labels({}, 'Annotations.'),
    labels: labels({}, 'Further labels.'),
  }),
  networkPolicy: section('Who reaches the pod, and what the pod reaches.', {
    enabled: flag(false, 'Whether to create it.'),
    from: list('Who may scrape.', [
      { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'monitoring' } } },
    ]),
    dns: list('Where names are looked up.', [
      {
        namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } },
        podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } },
      },
    ]),
    to: list('Where HTTPS may go: the world, but not the cluster, the machines or the metadata service of the cloud.', [
      {
        ipBlock: {
          cidr: '0.0.0.0/0',
          except: ['10.0.0.0/8', '100.64.0.0/10', '169.254.0.0/16', '172.16.0.0/12', '192.168.0.0/16'],
        },
      },
      { ipBlock: { cidr: '::/0', except: ['fc00::/7', 'fe80::/10'] } },
    ]),
    extraEgress: list('Further egress rules: a proxy, or the database of `state.type: postgresql`.'),
  }),
  podDisruptionBudget: section('Only of use with several pods.', {
    enabled: flag(false, 'Whether to create it.'),
    budget: part({ maxUnavailable: 1 }, '`maxUnavailable` or `minAvailable`.'),
  }),
} as const;
