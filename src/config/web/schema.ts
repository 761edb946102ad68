/** The shape of exporter-toolkit's web configuration. Each message says what is wanted; what was found is added beside it. */
import { z } from 'zod';

import { CIPHER_SUITES, CLIENT_AUTH, CURVES, HEADERS, VERSIONS } from './tls-names.ts';

const oneOf = (names: readonly string[]) => z.enum(names, { error: `one of ${names.join(', ')}` });
const text = z.string({ error: 'text' }).transform((value) => (value === '' ? undefined : value));
const flag = z.boolean({ error: 'true or false' });
const listOf = (names: readonly string[]) => z.array(oneOf(names), { error: 'a list of names' });
const unsupported = (why: string) => z.never({ error: why }).optional();

const TlsServer = z.strictObject(
  {
    cert: text.optional(),
    key: text.optional(),
    client_ca: text.optional(),
    cert_file: text.optional(),
    key_file: text.optional(),
    client_ca_file: text.optional(),
    client_auth_type: z.preprocess(
      (value) => (value === '' ? undefined : value),
      oneOf(Object.keys(CLIENT_AUTH)).optional(),
    ),
    client_allowed_sans: unsupported('no such key: this exporter does not check names in client certificates'),
    min_version: oneOf(Object.keys(VERSIONS)).optional(),
    max_version: oneOf(Object.keys(VERSIONS)).optional(),
    cipher_suites: listOf(Object.keys(CIPHER_SUITES)).optional(),
    curve_preferences: listOf(Object.keys(CURVES)).optional(),
    prefer_server_cipher_suites: flag.optional(),
  },
  { error: 'a mapping' },
);
export type TlsServer = z.infer<typeof TlsServer>;

/** A header's value: printable, in one line. */
const headerText = z
  .string({ error: 'text' })
  .regex(/^[\t\x20-\x7e\x80-\xff]*$/, { error: 'printable text in one line' });

/** Blank means unset, as in exporter-toolkit. */
function headerValue(allowed: readonly string[]) {
  if (allowed.length === 0) return headerText.optional();
  return z.enum(['', ...allowed], { error: allowed.join(' or ') }).optional();
}

const HttpServer = z.strictObject(
  {
    http2: flag.optional(),
    headers: z
      .strictObject(Object.fromEntries(Object.entries(HEADERS).map(([name, values]) => [name, headerValue(values)])), {
        error: 'a mapping of header names to values',
      })
      .optional(),
  },
  { error: 'a mapping' },
);

/** Modular crypt format of bcrypt: variant, cost of 04 to 31, then 22 characters of salt and 31 of hash. */
const BCRYPT = /^\$2[abxy]\$(0[4-9]|[12]\d|3[01])\$[./A-Za-z0-9]{53}$/;
const hash = z
  .string({ error: 'a bcrypt hash' })
  .regex(BCRYPT, { error: 'a bcrypt hash (make one with: htpasswd -nBC 10 "")' });
const userName = z.string().regex(/^[^:\p{Cc}]+$/u, { error: 'a user name without colon and control characters' });

export const WebConfigFile = z.strictObject(
  {
    tls_server_config: TlsServer.optional(),
    http_server_config: HttpServer.optional(),
    basic_auth_users: z.record(userName, hash, { error: 'a mapping of user names to bcrypt hashes' }).optional(),
    rate_limit: unsupported('no such key: use --web.max-requests, which bounds the scrapes served at once'),
  },
  { error: 'a mapping' },
);
export type WebConfigFile = z.infer<typeof WebConfigFile>;

/** Keys whose values never appear in a message. */
export const SECRET_PATH = /^(tls_server_config\.(cert|key|client_ca)|basic_auth_users)(\.|$)/;
