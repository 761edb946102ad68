/** Values of the workload: image, pod, security and the means to extend it. */
import { flag, labels, list, oneOf, part, section, text, whole, words } from './leaves.ts';

const probe = (help: string, timing: Readonly<Record<string, number>>) =>
  section(help, {
    enabled: flag(true, 'Whether the kubelet asks.'),
    timing: part(timing, 'Periods, time limits and thresholds, as in a Kubernetes probe.'),
  });

export const WORKLOAD = {
  replicaCount: whole(1, 0, 'Number of pods. More than one needs `state.type: postgresql`.'),
  image: section('The image.', {
    registry: text('ghcr.io', 'Registry; empty: that of the container runtime.'),
    repository: text('llamacloud-exporter/llamacloud-exporter', 'Repository.'),
    tag: text('', "Tag; empty: the chart's `appVersion`."),
    digest: text('', 'Digest such as `sha256:...`; stronger than the tag.'),
    pullPolicy: oneOf(['IfNotPresent', 'Always', 'Never'], 'When to pull.'),
  }),
  imagePullSecrets: list('Secrets to pull the image with, as `- name: ...`.'),
  serviceAccount: section('The service account. The exporter never uses the Kubernetes API.', {
    create: flag(true, 'Whether to create it.'),
    name: text('', 'Its name; empty: the full name of the release, or `default` if it is not created.'),
    annotations: labels({}, 'Its annotations.'),
  }),
  podAnnotations: labels({}, 'Annotations of the pod.'),
  podLabels: labels({}, 'Further labels of the pod.'),
  podSecurityContext: part(
    {
      runAsNonRoot: true,
      runAsUser: 1000,
      runAsGroup: 1000,
      fsGroup: 1000,
      fsGroupChangePolicy: 'OnRootMismatch',
      seccompProfile: { type: 'RuntimeDefault' },
    },
    'Security context of the pod. On OpenShift set `runAsUser`, `runAsGroup` and `fsGroup` to null.',
  ),
  securityContext: part(
    { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } },
    'Security context of the container.',
  ),
  resources: part(
    { requests: { cpu: '50m', memory: '128Mi' }, limits: { memory: '512Mi' } },
    'Requests and limits. See docs/sizing.md.',
  ),
  probes: section('Probes of the kubelet.', {
    scheme: oneOf(['HTTP', 'HTTPS'], 'HTTPS if the web configuration switches TLS on.'),
    basicAuth: section('A user of the web configuration for the probes: the password is readable in the pod.', {
      username: text('', 'Name; empty: none.'),
      password: text('', 'Password.'),
    }),
    httpHeaders: list('Further headers, as `- name: ...` and `value: ...`.'),
    liveness: probe('Alive, whatever the API says.', { periodSeconds: 15, timeoutSeconds: 5, failureThreshold: 4 }),
    readiness: probe('Ready once there is something to show.', { periodSeconds: 10, timeoutSeconds: 5 }),
    startup: probe('A large state is migrated before the exporter listens.', {
      periodSeconds: 5,
      failureThreshold: 60,
    }),
  }),
  terminationGracePeriodSeconds: whole(30, 5, 'The exporter stops within 5 s.'),
  priorityClassName: text('', 'Priority class.'),
  runtimeClassName: text('', 'Runtime class.'),
  nodeSelector: labels({}, 'Node selector.'),
  tolerations: list('Tolerations.'),
  affinity: part({}, 'Affinity.'),
  topologySpreadConstraints: list('Topology spread constraints; the label selector is added where it is missing.'),
  hostAliases: list('Lines for /etc/hosts.'),
  dnsConfig: part({}, 'DNS settings of the pod.'),
  extraArgs: words('Further flags, such as `--log.level=debug`.'),
  extraEnv: list('Further variables, such as `HTTPS_PROXY`.'),
  extraEnvFrom: list('Further sources of variables.'),
  extraVolumes: list('Further volumes.'),
  extraVolumeMounts: list('Where the exporter sees them.'),
  extraContainers: list('Further containers of the pod.'),
  extraInitContainers: list('Containers that run first.'),
  extraManifests: list('Further manifests, as mappings or as text; both may contain templates.'),
} as const;
