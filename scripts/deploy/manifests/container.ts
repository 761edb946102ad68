/** The exporter's container: flags, variables, probes and mounts. */
import { block, given, inline, note, tree, value, when, whenever } from '../marks.ts';
import { called, route } from './common.ts';

const WEB = '/etc/llamacloud-exporter-web';

const flagWith = (name: string, path: string) =>
  when(path, inline(`.Values.${path} | printf "--${name}=%s" | quote`, ''));

const probe = (name: string, path: string) =>
  when(`probes.${name}.enabled`, {
    httpGet: {
      path: route(path),
      port: 'metrics',
      scheme: value('probes.scheme'),
      httpHeaders: whenever(
        'or .Values.probes.httpHeaders .Values.probes.basicAuth.username',
        false,
        block('include "llamacloud-exporter.probeHeaders" . | trim', []),
      ),
    },
    '...timing': tree(`probes.${name}.timing`),
  });

const ARGS = [
  '--config.file=/etc/llamacloud-exporter/config.yml',
  when('web.configSecret', inline(`.Values.web.configSecretKey | printf "--web.config.file=${WEB}/%s" | quote`, '')),
  when('web.enableLifecycle', '--web.enable-lifecycle'),
  flagWith('web.external-url', 'web.externalUrl'),
  flagWith('web.route-prefix', 'web.routePrefix'),
  given('extraArgs'),
];

const ENV = [
  { name: 'LLAMACLOUD_EXPORTER_STATE_URL', value: called('stateUrl', 'sqlite:/var/lib/llamacloud-exporter/state.db') },
  given('extraEnv'),
];

const SQLITE = 'eq .Values.state.type "sqlite"';

const MOUNTS = [
  whenever(SQLITE, true, { name: 'state', mountPath: '/var/lib/llamacloud-exporter' }),
  { name: 'config', mountPath: '/etc/llamacloud-exporter', readOnly: true },
  note('A folder, not a variable: a key that changes is read again without a restart.', {
    name: 'api-key',
    mountPath: '/run/secrets/llamacloud-exporter',
    readOnly: true,
  }),
  when('state.postgresql.existingSecret', {
    name: 'state-password',
    mountPath: '/run/secrets/llamacloud-exporter-state',
    readOnly: true,
  }),
  when('web.configSecret', { name: 'web-config', mountPath: WEB, readOnly: true }),
  given('extraVolumeMounts'),
];

export const CONTAINER = {
  name: 'exporter',
  image: called('image', 'llamacloud-exporter'),
  imagePullPolicy: value('image.pullPolicy'),
  args: ARGS,
  env: ENV,
  envFrom: given('extraEnvFrom'),
  ports: [{ name: 'metrics', containerPort: 10_940, protocol: 'TCP' }],
  livenessProbe: note(
    'Alive, whatever the API says; ready once there is something to show.',
    probe('liveness', '/-/healthy'),
  ),
  readinessProbe: probe('readiness', '/-/ready'),
  startupProbe: note('A large state is migrated before the exporter listens.', probe('startup', '/-/healthy')),
  resources: tree('resources'),
  securityContext: tree('securityContext'),
  volumeMounts: MOUNTS,
};
