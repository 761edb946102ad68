/** Service, service account, claim and what protects the pod. */
import { given, helmOnly, inline, note, quoted, tree, value, when, whenever } from '../marks.ts';
import { called, type Manifest, metadata, NAME, SELECTOR } from './common.ts';

const CLAIM = 'state.sqlite.persistence';

export const SERVICE: Manifest = {
  file: 'service.yaml',
  about: 'What Prometheus scrapes.',
  condition: '',
  document: {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: metadata({ labels: 'service.labels', extra: { annotations: given('service.annotations') } }),
    spec: {
      type: value('service.type'),
      selector: SELECTOR,
      publishNotReadyAddresses: note(
        'With SQLite a pod that is not ready yet is scraped as well: its own metrics tell why.',
        inline('eq .Values.state.type "sqlite"', true),
      ),
      ports: [{ name: 'metrics', port: value('service.port'), targetPort: 'metrics', protocol: 'TCP' }],
    },
  },
};

export const SERVICE_ACCOUNT: Manifest = {
  file: 'service-account.yaml',
  about: 'An account without rights.',
  condition: '.Values.serviceAccount.create',
  document: {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: {
      name: called('serviceAccountName', NAME),
      '...': rest(metadata({ extra: { annotations: given('serviceAccount.annotations') } })),
    },
    automountServiceAccountToken: note('It never uses the Kubernetes API.', false),
  },
};

/** Metadata without the name. */
function rest(meta: ReturnType<typeof metadata>) {
  const { name: _, ...others } = meta as Record<string, never>;
  return others;
}

export const VOLUME_CLAIM: Manifest = {
  file: 'volume-claim.yaml',
  about: 'The volume of the SQLite state.',
  condition: `and (eq .Values.state.type "sqlite") .Values.${CLAIM}.enabled (not .Values.${CLAIM}.existingClaim)`,
  document: {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: metadata({
      extra: {
        annotations: helmOnly(
          whenever(`or .Values.${CLAIM}.keep .Values.${CLAIM}.annotations`, false, {
            'helm.sh/resource-policy': when(`${CLAIM}.keep`, 'keep'),
            '...': given(`${CLAIM}.annotations`),
          }),
        ),
      },
    }),
    spec: {
      accessModes: note(
        'Block storage is best: the locks of network file systems are unreliable.',
        tree(`${CLAIM}.accessModes`),
      ),
      storageClassName: given(`${CLAIM}.storageClass`),
      resources: {
        requests: {
          storage: note(
            'About 200 bytes a session; the alert LlamaCloudExporterStateLarge fires at 4 GB.',
            quoted(`${CLAIM}.size`),
          ),
        },
      },
    },
  },
};

const WORLD = 'HTTPS to the world, but not to the cluster, the machines or the metadata service of the cloud.';

export const NETWORK_POLICY: Manifest = {
  file: 'network-policy.yaml',
  about: 'In: Prometheus. Out: names and HTTPS.',
  condition: '.Values.networkPolicy.enabled',
  document: {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: metadata(),
    spec: {
      podSelector: { matchLabels: SELECTOR },
      policyTypes: ['Ingress', 'Egress'],
      ingress: [
        {
          from: note('The namespace of Prometheus.', tree('networkPolicy.from')),
          ports: [{ port: 'metrics', protocol: 'TCP' }],
        },
      ],
      egress: [
        {
          to: tree('networkPolicy.dns'),
          ports: [
            { port: 53, protocol: 'UDP' },
            { port: 53, protocol: 'TCP' },
          ],
        },
        { to: note(WORLD, tree('networkPolicy.to')), ports: [{ port: 443, protocol: 'TCP' }] },
        given('networkPolicy.extraEgress'),
      ],
    },
  },
};

export const DISRUPTION_BUDGET: Manifest = {
  file: 'pod-disruption-budget.yaml',
  about: 'How many pods may be gone at once.',
  condition: '.Values.podDisruptionBudget.enabled',
  document: {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: metadata(),
    spec: { '...': tree('podDisruptionBudget.budget'), selector: { matchLabels: SELECTOR } },
  },
};
