/** Everything that can be wrong with a web configuration file, and the message for it. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

import { loadWebConfig } from '../../../src/config/web/web-config.ts';
import { HASH, tls, webConfigFolder } from './folder.ts';

const { folder, problems } = webConfigFolder();

const VERSIONS = 'one of TLS10, TLS11, TLS12, TLS13';

describe('a bad web configuration', () => {
  it.each([
    ['- a', ['web.yml: found no mapping, wanted tls_server_config, http_server_config or basic_auth_users']],
    ['a: b: c', ['web.yml: invalid YAML at line 1 (BLOCK_AS_IMPLICIT_KEY)']],
    ['bogus: 1', ['web.yml: bogus: no such key']],
    ['tls_server_config: x', ['web.yml: tls_server_config: found "x", wanted a mapping']],
    [tls('min_version: TLS111'), [`web.yml: tls_server_config.min_version: found "TLS111", wanted ${VERSIONS}`]],
    [
      tls('min_version: TLS13, max_version: TLS12'),
      ['web.yml: tls_server_config.min_version: found a version above max_version, wanted one that is not'],
    ],
    [
      tls('curve_preferences: [P1]'),
      [
        'web.yml: tls_server_config.curve_preferences.0: found "P1", wanted one of CurveP256, CurveP384, CurveP521, X25519',
      ],
    ],
    [
      tls('prefer_server_cipher_suites: 1'),
      ['web.yml: tls_server_config.prefer_server_cipher_suites: found 1, wanted true or false'],
    ],
    [
      tls('client_allowed_sans: [a]'),
      [
        'web.yml: tls_server_config.client_allowed_sans: no such key: this exporter does not check names in client certificates',
      ],
    ],
    [
      tls('client_ca_file: pem/server.crt'),
      [
        'web.yml: tls_server_config.client_auth_type: found NoClientCert beside a client CA, wanted RequireAndVerifyClientCert',
      ],
    ],
    [
      tls('client_auth_type: RequireAndVerifyClientCert'),
      [
        'web.yml: tls_server_config: found no client_ca_file, wanted one: without it a certificate of any public CA would be let in',
      ],
    ],
    [
      tls('client_auth_type: VerifyClientCertIfGiven, client_ca_file: pem/empty'),
      ['web.yml: tls_server_config.client_ca_file: found no certificate, wanted those of the client CA in PEM form'],
    ],
    [tls('cert: x'), ['web.yml: tls_server_config: found both cert and cert_file, wanted one of them']],
    [
      'tls_server_config: { min_version: TLS12 }',
      [
        'web.yml: tls_server_config: found neither cert nor cert_file, wanted one of them',
        'web.yml: tls_server_config: found neither key nor key_file, wanted one of them',
      ],
    ],
    [
      'tls_server_config: { cert_file: a.crt, key_file: pem }',
      [
        'web.yml: tls_server_config.cert_file: cannot read a.crt: there is no such file',
        'web.yml: tls_server_config.key_file: cannot read pem: it is a directory',
      ],
    ],
    [
      'tls_server_config: { cert_file: pem/server.key, key_file: pem/empty }',
      [
        'web.yml: tls_server_config.cert_file: found no certificate, wanted one in PEM form',
        'web.yml: tls_server_config.key_file: found no usable private key, wanted one in PEM form without a passphrase',
      ],
    ],
    [
      'tls_server_config: { cert_file: pem/server.crt, key_file: pem/other.key }',
      [
        'web.yml: tls_server_config.key_file: found the key of another certificate, wanted the one that belongs to the certificate',
      ],
    ],
    ['http_server_config: { headers: { X-Foo: a } }', ['web.yml: http_server_config.headers.X-Foo: no such key']],
    [
      'http_server_config: { headers: { X-Frame-Options: maybe } }',
      ['web.yml: http_server_config.headers.X-Frame-Options: found "maybe", wanted deny or sameorigin'],
    ],
    [
      'http_server_config: { headers: { X-XSS-Protection: "a\\nb: c" } }',
      ['web.yml: http_server_config.headers.X-XSS-Protection: found "a\\nb: c", wanted printable text in one line'],
    ],
    [
      'basic_auth_users: { prom: secret }',
      [
        'web.yml: basic_auth_users.prom: found another value (not shown here), wanted a bcrypt hash (make one with: htpasswd -nBC 10 "")',
      ],
    ],
    ['basic_auth_users: { prom: }', ['web.yml: basic_auth_users.prom: found nothing, wanted a bcrypt hash']],
    [
      `basic_auth_users: { "a:b": "${HASH}" }`,
      [
        'web.yml: basic_auth_users.a:b: found another value (not shown here), wanted a user name without colon and control characters',
      ],
    ],
    [
      `basic_auth_users: { __proto__: "${HASH}" }`,
      ['web.yml: basic_auth_users.__proto__: found a name that cannot be used, wanted another user name'],
    ],
    [
      'rate_limit: { burst: 5 }',
      ['web.yml: rate_limit: no such key: use --web.max-requests, which bounds the scrapes served at once'],
    ],
  ])('is named: %s', (text, wanted) => {
    expect(problems(text)).toEqual(wanted);
  });

  it('tells all problems at once', () => {
    const text = `bogus: 1
tls_server_config: { cert_file: gone.crt, key_file: pem/server.key }
basic_auth_users: { a: x, b: y }
http_server_config: { http2: maybe }`;
    expect(
      problems(text)
        .map((line) => line.split(': ')[1])
        .sort((a = '', b = '') => (a < b ? -1 : 1)),
    ).toEqual([
      'basic_auth_users.a',
      'basic_auth_users.b',
      'bogus',
      'http_server_config.http2',
      'tls_server_config.cert_file',
    ]);
  });

  it('never shows a secret', () => {
    const text =
      'tls_server_config: { key: hush-key, cert: [hush-cert] }\nbasic_auth_users: { a: hush-hash }\nx: "hush';
    for (const line of [...problems(text), ...problems(text.split('\nx')[0] ?? '')]) expect(line).not.toContain('hush');
  });

  it('is named when it is not there', () => {
    expect(() => loadWebConfig(join(folder.path, 'gone.yml'))).toThrow('there is no such file');
  });

  it('cannot grow without bound', () => {
    const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefghi'.replaceAll(/./g, (c, i) => `${c}: &${c} [${`*${'abcdefgh'[i]},`.repeat(9)}]\n`)}`;
    expect(problems(bomb)).toHaveLength(1);
  });
});
