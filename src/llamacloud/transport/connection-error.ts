/** Explains in one line why no connection was made, and which setting to check. Names hosts, ports and codes only. */
import { ExporterError } from '../../domain/errors.ts';

type Explained = readonly [reason: string, fix: string];

const TRUST =
  'Name the file with the certificate of its CA in tls.ca_file of this account, or in the variable NODE_EXTRA_CA_CERTS.';
const SHOW = 'Set tls.cert_file and tls.key_file of this account to a certificate that the server accepts.';
const SCHEME = 'Check base_url: does it say https where the server speaks http, or have the wrong port?';
const NETWORK = 'Check base_url, the network, and the firewalls between the exporter and the API.';
const CLOSED =
  'The exporter retries by itself. If the API requires a client certificate, set tls.cert_file and tls.key_file of this account.';
const NAME = 'Check the host name in base_url, and the DNS of this machine.';

const BY_CODE: Readonly<Record<string, Explained>> = {
  ENOTFOUND: ['the host name is not known', NAME],
  EAI_AGAIN: ['the host name could not be looked up', NAME],
  ECONNREFUSED: ['the connection was refused', NETWORK],
  ECONNRESET: ['the connection was reset', NETWORK],
  UND_ERR_SOCKET: ['the server closed the connection', CLOSED],
  EHOSTUNREACH: ['the host cannot be reached', NETWORK],
  ENETUNREACH: ['the network cannot be reached', NETWORK],
  ETIMEDOUT: ['the connection timed out', NETWORK],
  UND_ERR_CONNECT_TIMEOUT: ['the connection timed out', NETWORK],
  DEPTH_ZERO_SELF_SIGNED_CERT: ['its certificate is self-signed, and not trusted', TRUST],
  SELF_SIGNED_CERT_IN_CHAIN: ['its certificate is from a CA that is not trusted', TRUST],
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: ['its certificate is from a CA that is not trusted', TRUST],
  UNABLE_TO_GET_ISSUER_CERT: ['its certificate is from a CA that is not trusted', TRUST],
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: ['its certificate is from a CA that is not trusted', TRUST],
  CERT_HAS_EXPIRED: [
    'its certificate has expired',
    'Renew the certificate of the server, or correct the clock of this machine.',
  ],
  CERT_NOT_YET_VALID: [
    'its certificate is not valid yet',
    'Correct the clock of this machine, or the certificate of the server.',
  ],
  ERR_TLS_CERT_ALTNAME_INVALID: [
    'its certificate is for another host name',
    'Use a host name in base_url that the certificate is for.',
  ],
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: ['it requires a client certificate', SHOW],
  ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE: [
    'it refused the TLS handshake, perhaps because it requires a client certificate',
    SHOW,
  ],
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA: ['it does not accept the client certificate', SHOW],
  ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE: ['it does not accept the client certificate', SHOW],
  ERR_SSL_WRONG_VERSION_NUMBER: ['it does not speak TLS', SCHEME],
  ERR_SSL_PACKET_LENGTH_TOO_LONG: ['it does not speak TLS', SCHEME],
  EPROTO: ['the TLS handshake failed', SCHEME],
};

/** The error of a request that got no connection or lost it. `proxy`: host and port of the proxy; null: there is none. */
export function connectionError(name: string, error: unknown, proxy: string | null): ExporterError {
  const [reason, fix] = proxy === null ? direct(error) : throughProxy(error, proxy);
  return new ExporterError('connection', `${name}: ${reason}`, fix, error);
}

function direct(error: unknown): Explained {
  const { code, message } = firstOf(error);
  const known = BY_CODE[code];
  if (known !== undefined) return [`${known[0]} (${place(code, message)})`, known[1]];
  return [oneLine(message || code || 'the connection failed'), NETWORK];
}

/** Every connection is one to the proxy, but TLS, which is with the API through it. */
function throughProxy(error: unknown, proxy: string): Explained {
  const { code, message } = firstOf(error);
  const status = Number(/^Proxy response \((\d{3})\)/.exec(message)?.[1] ?? (message.includes('(407)') ? 407 : 0));
  if (status === 407) {
    return [
      `the proxy ${proxy} requires a user and password`,
      'Put user and password into proxy_url or HTTPS_PROXY: http://USER:PASSWORD@HOST:PORT.',
    ];
  }
  if (status > 0) {
    return [
      `the proxy ${proxy} refused the connection with status ${status}`,
      'Let the proxy pass connections to the host of base_url, or go past it by NO_PROXY or proxy_url: "".',
    ];
  }
  const [reason, fix] = direct(error);
  const isTls = /^(ERR_(TLS|SSL)|CERT_|DEPTH_|SELF_|UNABLE_|EPROTO)/.test(code);
  if (isTls) return [`through the proxy ${proxy}: ${reason}`, fix];
  return [`the proxy ${proxy}: ${reason}`, 'Check proxy_url or HTTPS_PROXY, and whether the proxy runs.'];
}

/** Of several addresses tried, the first speaks; of an error of undici, what caused it. */
function firstOf(error: unknown): { readonly code: string; readonly message: string } {
  if (error instanceof AggregateError && error.errors.length > 0) return firstOf(error.errors[0]);
  const { code = '', message, cause } = error as NodeJS.ErrnoException;
  if (code.startsWith('UND_ERR_PRX') && cause !== undefined) return firstOf(cause);
  return { code, message };
}

/** The code, with host and port where the system's message has them: "connect ECONNREFUSED 127.0.0.1:1". */
function place(code: string, message: string): string {
  return / (E[A-Z_]+ \S+)$/.exec(message)?.[1] ?? code;
}

/** OpenSSL's messages have line ends, and places in its source. */
const oneLine = (message: string): string => message.split('\n')[0]?.replaceAll(/:[^:\s]*\.c:\d+:?/g, '') ?? '';
