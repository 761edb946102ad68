/** The process's environment: the only file that reads it. */

/** Variables by name. Empty ones count as not set, as `docker compose` passes them on. */
export type Environment = Readonly<Record<string, string | undefined>>;

export type AccountVariable = { readonly name: string; readonly help: string };

/** Variables that make the account `default`, or fill what a file's only account leaves out. */
export const ACCOUNT_VARIABLES = [
  { name: 'LLAMA_CLOUD_API_KEY', help: 'The API key.' },
  { name: 'LLAMA_CLOUD_API_KEY_FILE', help: 'A file with the API key; read again on 401.' },
  { name: 'LLAMA_PARSE_API_KEY', help: 'The API key, if the two above are not set.' },
  { name: 'LLAMA_CLOUD_BASE_URL', help: 'If not https://api.cloud.llamaindex.ai.' },
  { name: 'LLAMA_CLOUD_ORGANIZATION_ID', help: 'One organization only.' },
  { name: 'LLAMA_CLOUD_PROJECT_ID', help: 'One project only, without discovery.' },
] as const satisfies readonly AccountVariable[];

export type AccountVariableName = (typeof ACCOUNT_VARIABLES)[number]['name'];

/** The git revision that an image or package was built from; shown by --version and build_info. */
export const REVISION_VARIABLE = 'LLAMACLOUD_EXPORTER_REVISION';

/** The environment of this process. */
export function processEnvironment(): Environment {
  return process.env;
}

/** A variable's value; undefined when it is not set or empty. */
export function variable(env: Environment, name: string): string | undefined {
  const value = Object.hasOwn(env, name) ? env[name] : undefined;
  return value === '' ? undefined : value;
}
