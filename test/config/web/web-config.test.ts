/** What a web configuration file may say, and what becomes of it. */
import { describe, expect, it } from 'vitest';

import { NO_WEB_CONFIG } from '../../../src/config/web/web-config.ts';
import { HASH, tls, webConfigFolder } from './folder.ts';

const { pem, load } = webConfigFolder();

/** A text as a YAML block. */
const block = (text: string): string => `|\n${text.replaceAll(/^/gm, '    ')}`;

describe('a web configuration', () => {
  it.each(['', '# nothing\n', '{}', 'tls_server_config:\nbasic_auth_users:\n', 'tls_server_config: {}'])(
    'may be empty: %j',
    (text) => {
      expect(load(text)).toEqual(NO_WEB_CONFIG);
    },
  );

  it('finds its files beside itself', () => {
    expect(load(tls('min_version: TLS13')).tls).toEqual({
      cert: pem.certificate,
      key: pem.key,
      clientCa: null,
      clientAuth: 'none',
      minVersion: 'TLSv1.3',
      maxVersion: 'TLSv1.3',
      cipherSuites: [],
      curves: [],
    });
  });

  it('may hold its certificates itself', () => {
    const config = load(`tls_server_config:\n  cert: ${block(pem.certificate)}\n  key: ${block(pem.key)}\n`);
    expect(config.tls?.cert.trim()).toBe(pem.certificate.trim());
    expect(config.tls?.minVersion).toBe('TLSv1.2');
  });

  it('translates the names of Go', () => {
    const text = tls(
      'cipher_suites: [TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, TLS_AES_128_GCM_SHA256], curve_preferences: [CurveP384, X25519]',
    );
    expect(load(text).tls).toMatchObject({
      cipherSuites: ['ECDHE-ECDSA-AES128-GCM-SHA256', 'TLS_AES_128_GCM_SHA256'],
      curves: ['P-384', 'X25519'],
    });
  });

  it.each([
    ['NoClientCert', 'none'],
    ['""', 'none'],
    ['RequestClientCert', 'request'],
    ['RequireAnyClientCert', 'require_any'],
    ['RequireClientCert', 'require_any'],
    ['VerifyClientCertIfGiven', 'verify_if_given'],
  ])('knows the client policy %s', (name, clientAuth) => {
    expect(load(tls(`client_auth_type: ${name}`)).tls?.clientAuth).toBe(clientAuth);
  });

  it('reads the client CA', () => {
    const text = tls('client_auth_type: RequireAndVerifyClientCert, client_ca_file: pem/server.crt');
    expect(load(text).tls).toMatchObject({ clientAuth: 'require_and_verify', clientCa: pem.certificate });
  });

  it('holds users and headers; blank headers are unset', () => {
    const text = `
basic_auth_users: { prom: "${HASH}" }
http_server_config:
  http2: false
  headers: { Strict-Transport-Security: max-age=31536000, X-Frame-Options: "", X-Content-Type-Options: nosniff }`;
    expect(load(text)).toEqual({
      tls: null,
      users: { prom: HASH },
      headers: { 'Strict-Transport-Security': 'max-age=31536000', 'X-Content-Type-Options': 'nosniff' },
      http2: false,
    });
  });
});
