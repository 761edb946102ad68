/** Warns of environment variables that are set but have no effect. */

import type { RawAccount } from '../accounts/keys.ts';
import type { KeySource } from '../accounts/secrets.ts';
import { parseBaseUrl } from '../addresses.ts';
import { nearest } from '../suggest.ts';
import { type AccountVariableName, type Environment, REVISION_VARIABLE, variable } from './environment.ts';
import { environmentName, FLAGS, type FlagSpec } from './flags.ts';

const OURS = 'LLAMACLOUD_EXPORTER_';
/** Kubernetes tells every pod about a service called llamacloud-exporter by variables of these names. */
const OF_KUBERNETES = /^(SERVICE_HOST|SERVICE_PORT(_\w+)?|PORT(_\d+_(TCP|UDP)(_\w+)?)?)$/;

/** A warning for each variable whose value the file's only account has, with another value. */
export function ignoredVariables(raw: RawAccount, key: KeySource, env: Environment): readonly string[] {
  const urlOf = (text: unknown): string | undefined => parseBaseUrl(String(text))?.url;
  const inFile = raw['api_key'] === undefined ? 'api_key_file' : 'api_key';
  const pairs: readonly (readonly [AccountVariableName, string, (value: string) => boolean])[] = [
    ['LLAMA_CLOUD_API_KEY', inFile, (value) => value.trim() === key.current()],
    ['LLAMA_CLOUD_API_KEY_FILE', inFile, (value) => value === raw['api_key_file']],
    ['LLAMA_PARSE_API_KEY', inFile, (value) => value.trim() === key.current()],
    ['LLAMA_CLOUD_BASE_URL', 'base_url', (value) => urlOf(value) === urlOf(raw['base_url'])],
    ['LLAMA_CLOUD_ORGANIZATION_ID', 'organization_id', (value) => value === raw['organization_id']],
    ['LLAMA_CLOUD_PROJECT_ID', 'project_id', (value) => value === raw['project_id']],
  ];
  return pairs.flatMap(([name, setting, isSame]) => {
    const value = variable(env, name);
    if (value === undefined || (raw[setting] ?? undefined) === undefined || isSame(value)) return [];
    return [`${name} is ignored: the file sets accounts[0].${setting}`];
  });
}

/** A warning for each variable that looks like a flag of ours and is none. */
export function unknownVariables(env: Environment): readonly string[] {
  const known = [...FLAGS.flatMap((flag: FlagSpec) => environmentName(flag) ?? []), REVISION_VARIABLE];
  const unknown = Object.keys(env).filter(
    (name) => name.startsWith(OURS) && !known.includes(name) && !OF_KUBERNETES.test(name.slice(OURS.length)),
  );
  return unknown.map((name) => {
    const suffixes = known.map((each) => each.slice(OURS.length));
    const meant = nearest(name.slice(OURS.length), suffixes);
    return `${name} is ignored: there is no such setting${meant === null ? '' : `; ${OURS}${meant}?`}`;
  });
}
