/** Validates `tls_server_config`: rules between its keys, the PEM files, and whether OpenSSL accepts them. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';

import type { TlsConfig } from '../../domain/serving.ts';
import type { WebConfigProblems } from './problems.ts';
import type { TlsServer } from './schema.ts';
import { CIPHER_SUITES, CLIENT_AUTH, CURVES, VERSIONS } from './tls-names.ts';

/** Reads a file that the configuration names, relative to the configuration's directory; null when it adds a problem instead. */
export type ReadPem = (key: string, name: string) => string | null;

const SECTION = 'tls_server_config';

/** Null: no TLS is configured, or it is wrong and `problems` says why. */
export function tlsConfig(section: TlsServer, read: ReadPem, problems: WebConfigProblems): TlsConfig | null {
  if (Object.values(section).every((value) => value === undefined)) return null;
  const pem = {
    cert: onePem(section, 'cert', read, problems),
    key: onePem(section, 'key', read, problems),
    clientCa: onePem(section, 'client_ca', read, problems),
  };
  for (const name of ['cert', 'key'] as const) {
    if (!section[name] && !section[`${name}_file`])
      problems.add(SECTION, `found neither ${name} nor ${name}_file, wanted one of them`);
  }
  const options = tlsOptions(section);
  checkClientAuth(section, options.clientAuth, problems);
  checkVersions(options, problems);
  checkPair(section, pem.cert, pem.key, problems);
  if (!problems.none || pem.cert === null || pem.key === null) return null;
  const config = { ...options, cert: pem.cert, key: pem.key, clientCa: pem.clientCa };
  checkWithOpenSsl(config, problems);
  return config;
}

function onePem(
  section: TlsServer,
  name: 'cert' | 'key' | 'client_ca',
  read: ReadPem,
  problems: WebConfigProblems,
): string | null {
  const inline = section[name];
  const file = section[`${name}_file`];
  if (inline && file) problems.add(SECTION, `found both ${name} and ${name}_file, wanted one of them`);
  return file ? read(`${SECTION}.${name}_file`, file) : (inline ?? null);
}

type Options = Omit<TlsConfig, 'cert' | 'key' | 'clientCa'>;

function tlsOptions(section: TlsServer): Options {
  return {
    clientAuth: CLIENT_AUTH[section.client_auth_type ?? 'NoClientCert'] ?? 'none',
    minVersion: VERSIONS[section.min_version ?? 'TLS12'] ?? 'TLSv1.2',
    maxVersion: VERSIONS[section.max_version ?? 'TLS13'] ?? 'TLSv1.3',
    cipherSuites: (section.cipher_suites ?? []).map((name) => CIPHER_SUITES[name] ?? name),
    curves: (section.curve_preferences ?? []).map((name) => CURVES[name] ?? name),
  };
}

function checkClientAuth(section: TlsServer, auth: TlsConfig['clientAuth'], problems: WebConfigProblems): void {
  const hasCa = Boolean(section.client_ca ?? section.client_ca_file);
  if (hasCa && auth === 'none') {
    problems.add(
      `${SECTION}.client_auth_type`,
      'found NoClientCert beside a client CA, wanted RequireAndVerifyClientCert',
    );
  }
  if (!hasCa && auth === 'require_and_verify') {
    problems.add(
      SECTION,
      'found no client_ca_file, wanted one: without it a certificate of any public CA would be let in',
    );
  }
}

function checkVersions({ minVersion, maxVersion }: Options, problems: WebConfigProblems): void {
  const order = Object.values(VERSIONS);
  if (order.indexOf(minVersion) > order.indexOf(maxVersion)) {
    problems.add(`${SECTION}.min_version`, 'found a version above max_version, wanted one that is not');
  }
}

function checkPair(section: TlsServer, cert: string | null, key: string | null, problems: WebConfigProblems): void {
  const where = (name: 'cert' | 'key'): string => `${SECTION}.${section[`${name}_file`] ? `${name}_file` : name}`;
  const parsedCert = attempt(cert, (pem) => new X509Certificate(pem));
  const parsedKey = attempt(key, (pem) => createPrivateKey(pem));
  if (cert !== null && parsedCert === null) problems.add(where('cert'), 'found no certificate, wanted one in PEM form');
  if (key !== null && parsedKey === null) {
    problems.add(where('key'), 'found no usable private key, wanted one in PEM form without a passphrase');
  }
  if (parsedCert !== null && parsedKey !== null && !parsedCert.checkPrivateKey(parsedKey)) {
    problems.add(where('key'), 'found the key of another certificate, wanted the one that belongs to the certificate');
  }
}

function attempt<T>(pem: string | null, parse: (pem: string) => T): T | null {
  if (pem === null) return null;
  try {
    return parse(pem);
  } catch {
    return null;
  }
}

/** The last word: certificate chain, client CA, suites and curves together, as the server will use them. */
function checkWithOpenSsl(config: TlsConfig, problems: WebConfigProblems): void {
  if (config.clientCa !== null && attempt(config.clientCa, (pem) => new X509Certificate(pem)) === null) {
    problems.add(`${SECTION}.client_ca_file`, 'found no certificate, wanted those of the client CA in PEM form');
    return;
  }
  try {
    createSecureContext({
      cert: config.cert,
      key: config.key,
      ...(config.clientCa === null ? {} : { ca: config.clientCa }),
      ...(config.cipherSuites.length === 0 ? {} : { ciphers: config.cipherSuites.join(':') }),
      ...(config.curves.length === 0 ? {} : { ecdhCurve: config.curves.join(':') }),
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/^error:[0-9A-F]+:/, '') : 'unknown reason';
    problems.add(SECTION, `OpenSSL does not accept it: ${reason}`);
  }
}
