/** The accounts of a configuration: those of the file, plus the environment's values if there is at most one. */
import { baseUrlFault, DEFAULT_BASE_URL, parseBaseUrl } from '../addresses.ts';
import type { ValidatedFile } from '../file/file.ts';
import { anyGlob } from '../file/globs.ts';
import { Account, ID_WANTED, isId } from '../file/schema.ts';
import { ACCOUNT_VARIABLES, type AccountVariableName, type Environment, variable } from '../flags/environment.ts';
import { ignoredVariables } from '../flags/ignored.ts';
import { type Problems, wrong } from '../problems.ts';
import type { AccountConfig, ConnectionConfig } from '../types.ts';
import { readClientTls } from './client-tls.ts';
import { findKey, type RawAccount } from './keys.ts';
import { PROXY_WANTED, proxyFor } from './proxy.ts';
import type { KeySource, OnSecret } from './secrets.ts';

export type AccountsInput = {
  readonly validated: ValidatedFile;
  readonly env: Environment;
  /** Where relative `api_key_file`s of the file start. */
  readonly directory: string;
  readonly onSecret: OnSecret;
  readonly problems: Problems;
  readonly warnings: string[];
};

/** All accounts that are right; the problems say what is wrong with the others. */
export async function makeAccounts(input: AccountsInput): Promise<readonly AccountConfig[]> {
  const { validated, problems } = input;
  if (validated.file === null) return [];
  const raws = rawAccounts(validated.file.value);
  if (raws === null) return [];
  const alone = raws.length < 2;
  const env = alone ? input.env : {};
  if (!alone) checkSeveral(raws, input);
  const parsed = raws.length === 0 ? [Account.parse({})] : validated.sections.accounts;
  const shared = environmentValues(env, problems);
  const accounts: AccountConfig[] = [];
  for (const [i, raw] of (raws.length === 0 ? [{}] : raws).entries()) {
    const where = raws.length === 0 ? null : validated.file.where(['accounts', i]);
    const whereFile = validated.file.where(['accounts', i, 'api_key_file']);
    const key = await findKey({ ...input, raw, where, whereFile, env }, alone);
    if (raw['projects'] !== undefined && (raw['project_id'] ?? shared.projectId) !== undefined) {
      problems.add(
        where ?? 'accounts',
        'has projects beside one project_id (or LLAMA_CLOUD_PROJECT_ID), wanted one of them',
      );
    }
    const account = parsed?.[i];
    if (account !== undefined && key !== null) {
      const connection = await connectionOf(account, i, shared, input);
      accounts.push(build(account, key, connection, shared, input.warnings));
      input.warnings.push(...ignoredVariables(raw, key, env));
    }
  }
  return accounts;
}

/** The accounts as written; null when they are no list of mappings, which was reported. */
function rawAccounts(value: unknown): readonly RawAccount[] | null {
  const list: unknown = ((value ?? {}) as RawAccount)['accounts'] ?? [];
  if (!Array.isArray(list)) return null;
  return list.every((raw) => typeof raw === 'object' && raw !== null && !Array.isArray(raw)) ? list : null;
}

/** A key is never sent to the host of another account: beside several accounts the environment's variables are an error. */
function checkSeveral(raws: readonly RawAccount[], { validated, env, problems }: AccountsInput): void {
  for (const { name } of ACCOUNT_VARIABLES) {
    if (variable(env, name) === undefined) continue;
    problems.add(
      name,
      `set beside ${raws.length} accounts, wanted unset: it is not clear whose it is. Write \${NAME} with another name in the file.`,
    );
  }
  const seen = new Set<unknown>();
  raws.forEach((raw, i) => {
    const where = validated.file?.where(['accounts', i, 'name']) ?? 'accounts';
    if (raw['name'] === undefined) problems.add(where, 'missing, wanted a name for each of several accounts');
    else if (seen.has(raw['name'])) problems.add(where, wrong(raw['name'], 'a name that no other account has'));
    seen.add(raw['name']);
  });
}

/** What the environment says of the only account; undefined: nothing. */
type Shared = {
  readonly baseUrl: string | undefined;
  readonly organizationId: string | undefined;
  readonly projectId: string | undefined;
};

function environmentValues(env: Environment, problems: Problems): Shared {
  const take = (name: AccountVariableName, fault: (value: string) => string | null): string | undefined => {
    const value = variable(env, name);
    const wanted = value === undefined ? null : fault(value);
    if (wanted === null) return value;
    problems.add(name, wrong(value, wanted));
    return undefined;
  };
  const idFault = (value: string): string | null => (isId(value) ? null : ID_WANTED);
  return {
    baseUrl: take('LLAMA_CLOUD_BASE_URL', baseUrlFault),
    organizationId: take('LLAMA_CLOUD_ORGANIZATION_ID', idFault),
    projectId: take('LLAMA_CLOUD_PROJECT_ID', idFault),
  };
}

/** The proxy's address is a secret where it holds a password. */
async function connectionOf(
  { base_url, proxy_url, tls }: Account,
  index: number,
  shared: Shared,
  { validated, env, directory, onSecret, problems }: AccountsInput,
): Promise<ConnectionConfig> {
  const baseUrl = parseBaseUrl(base_url ?? shared.baseUrl ?? '')?.url ?? DEFAULT_BASE_URL;
  const { url: proxyUrl, badVariable } = proxyFor(baseUrl, proxy_url, env);
  if (badVariable !== null) problems.add(badVariable, `found a value (not shown), wanted ${PROXY_WANTED}`);
  if (proxyUrl !== null) {
    const { password } = new URL(proxyUrl);
    if (password !== '') for (const secret of [proxyUrl, password, decodeURIComponent(password)]) onSecret(secret);
  }
  const where = (key: string): string => validated.file?.where(['accounts', index, 'tls', key]) ?? 'accounts';
  return { proxyUrl, ...(await readClientTls(tls, { directory, where, problems })) };
}

function build(
  account: Account,
  apiKey: KeySource,
  connection: ConnectionConfig,
  shared: Shared,
  warnings: string[],
): AccountConfig {
  const name = account.name ?? 'default';
  const base = parseBaseUrl(account.base_url ?? shared.baseUrl ?? DEFAULT_BASE_URL);
  if (base?.plain === true) {
    warnings.push(`account ${name}: base_url is http to another machine, so the API key travels readable; use https`);
  }
  return {
    name,
    baseUrl: base?.url ?? DEFAULT_BASE_URL,
    apiKey,
    organizationId: account.organization_id ?? shared.organizationId ?? null,
    projectId: account.project_id ?? shared.projectId ?? null,
    selects: selection(account.projects),
    requestsPerMinute: account.requests_per_minute,
    concurrency: account.concurrency,
    requestTimeoutMs: account.request_timeout,
    connection,
    historyShare: account.history_share,
    historyMegabytesPerMinute: account.history_megabytes_per_minute,
    pageSize: account.page_size,
    maxPages: account.max_pages,
  };
}

function selection(projects: Account['projects']): AccountConfig['selects'] {
  if (projects === undefined) return () => true;
  const included = anyGlob(projects.include);
  const excluded = anyGlob(projects.exclude);
  return (project) => included(project) && !excluded(project);
}
