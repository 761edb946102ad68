/** The volumes of the pod: state, configuration, key and what is optional. */
import { given, inline, quoted, when, whenever } from '../marks.ts';
import { called, NAME } from './common.ts';

/** So that the group of the pod reads the secrets, and nobody else does. 0440. */
const GROUP_READS = 0o440;

const PERSISTENT = '.Values.state.sqlite.persistence.enabled';

export const VOLUMES = [
  whenever(`and (eq .Values.state.type "sqlite") ${PERSISTENT}`, true, {
    name: 'state',
    persistentVolumeClaim: { claimName: called('claimName', NAME) },
  }),
  whenever(`and (eq .Values.state.type "sqlite") (not ${PERSISTENT})`, false, { name: 'state', emptyDir: {} }),
  { name: 'config', configMap: { name: called('fullname', NAME) } },
  { name: 'api-key', secret: { secretName: called('secretName', NAME), defaultMode: GROUP_READS } },
  when('state.postgresql.existingSecret', {
    name: 'state-password',
    secret: {
      secretName: quoted('state.postgresql.existingSecret'),
      defaultMode: GROUP_READS,
      items: [{ key: inline('.Values.state.postgresql.passwordKey | quote', ''), path: 'password' }],
    },
  }),
  when('web.configSecret', {
    name: 'web-config',
    secret: { secretName: quoted('web.configSecret'), defaultMode: GROUP_READS },
  }),
  given('extraVolumes'),
];
