/** The Deployment: one pod with a volume, or several over one database. */
import { block, given, helmOnly, inline, note, tree, value, when, whenever } from '../marks.ts';
import { called, type Manifest, made, metadata, NAME, SELECTOR } from './common.ts';
import { CONTAINER } from './container.ts';
import { VOLUMES } from './volumes.ts';

const CHECKSUM = 'include "llamacloud-exporter.config" . | sha256sum';

const POD = {
  serviceAccountName: called('serviceAccountName', NAME),
  automountServiceAccountToken: false,
  enableServiceLinks: false,
  terminationGracePeriodSeconds: value('terminationGracePeriodSeconds'),
  imagePullSecrets: given('imagePullSecrets'),
  securityContext: tree('podSecurityContext'),
  initContainers: given('extraInitContainers'),
  containers: [CONTAINER, given('extraContainers')],
  volumes: VOLUMES,
  priorityClassName: given('priorityClassName'),
  runtimeClassName: given('runtimeClassName'),
  nodeSelector: given('nodeSelector'),
  affinity: given('affinity'),
  tolerations: given('tolerations'),
  topologySpreadConstraints: when(
    'topologySpreadConstraints',
    block('include "llamacloud-exporter.topologySpreadConstraints" . | trim', []),
  ),
  hostAliases: given('hostAliases'),
  dnsConfig: given('dnsConfig'),
} as const;

export const DEPLOYMENT: Manifest = {
  file: 'deployment.yaml',
  about: 'The exporter.',
  condition: '',
  document: {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: metadata(),
    spec: {
      replicas: note('With SQLite one, and never two at once: one process holds the state.', value('replicaCount')),
      strategy: {
        type: inline('ternary "Recreate" "RollingUpdate" (eq .Values.state.type "sqlite")', 'Recreate'),
        rollingUpdate: whenever('eq .Values.state.type "postgresql"', false, { maxSurge: 1, maxUnavailable: 0 }),
      },
      selector: { matchLabels: SELECTOR },
      template: {
        metadata: {
          annotations: helmOnly({ 'checksum/config': inline(CHECKSUM, ''), '...': given('podAnnotations') }),
          labels: {
            '...own': made('selectorLabels', { 'app.kubernetes.io/name': NAME }),
            'app.kubernetes.io/part-of': 'llamacloud',
            '...common': helmOnly(whenever('.Values.commonLabels', false, { '...': tree('commonLabels') })),
            '...': given('podLabels'),
          },
        },
        spec: POD,
      },
    },
  },
};
