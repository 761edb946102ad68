/** TLS by the web configuration, as Go's crypto/tls would do it, exchanged under a running server. */
import { constants } from 'node:crypto';
import type { Server } from 'node:https';
import type { SecureContextOptions, TLSSocket } from 'node:tls';

import type { TlsConfig } from '../../domain/serving.ts';

/**
 * For `createServer` and `setSecureContext`. HTTP/1.1 only: a scraper sends one request at a time, so HTTP/2 would gain nothing.
 * Versions before 1.2 need OpenSSL's security level 0, since their signatures use SHA-1.
 */
export function contextOptions(tls: TlsConfig): SecureContextOptions {
  const isOld = tls.minVersion === 'TLSv1' || tls.minVersion === 'TLSv1.1';
  const suites = tls.cipherSuites.length > 0 ? tls.cipherSuites.join(':') : 'DEFAULT';
  return {
    cert: tls.cert,
    key: tls.key,
    minVersion: tls.minVersion,
    maxVersion: tls.maxVersion,
    honorCipherOrder: true,
    ...(tls.clientCa === null ? {} : { ca: tls.clientCa }),
    ...(isOld ? { ciphers: `${suites}:@SECLEVEL=0` } : {}),
    ...(!isOld && tls.cipherSuites.length > 0 ? { ciphers: suites } : {}),
    ...(tls.curves.length > 0 ? { ecdhCurve: tls.curves.join(':') } : {}),
    // A resumed session would skip the check of the client's certificate against the present CA.
    ...(tls.clientAuth === 'none' ? {} : { secureOptions: constants.SSL_OP_NO_TICKET }),
  };
}

/** How a server asks for client certificates; read by Node for each connection. */
export type ClientCertPolicy = { readonly requestCert: boolean; readonly rejectUnauthorized: boolean };

/** Whether the certificate is wanted, and whether OpenSSL alone decides; the cases between are decided by `isAdmitted`. */
export function clientCertPolicy({ clientAuth }: TlsConfig): ClientCertPolicy {
  return { requestCert: clientAuth !== 'none', rejectUnauthorized: clientAuth === 'require_and_verify' };
}

/** The two policies that Node does not know: any certificate, and a valid one if one is given. */
export function isAdmitted({ clientAuth }: TlsConfig, socket: TLSSocket): boolean {
  if (clientAuth !== 'require_any' && clientAuth !== 'verify_if_given') return true;
  const hasCertificate = Object.keys(socket.getPeerCertificate()).length > 0;
  return clientAuth === 'require_any' ? hasCertificate : !hasCertificate || socket.authorized;
}

/** New connections meet the new settings; those that are open go on. */
export function applyTls(server: Server, tls: TlsConfig): void {
  server.setSecureContext(contextOptions(tls));
  Object.assign(server, clientCertPolicy(tls));
}
