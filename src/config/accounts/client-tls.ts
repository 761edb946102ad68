/** `tls` of an account: the CA that signed a gateway's certificate, and the exporter's client certificate. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { createSecureContext } from 'node:tls';
import type { Account } from '../file/schema.ts';
import type { Problems } from '../problems.ts';
import { readFault } from '../problems.ts';
import type { ConnectionConfig } from '../types.ts';

export type TlsFiles = {
  /** Relative names start here: the directory of the configuration file. */
  readonly directory: string;
  /** Where a key of `tls` is, for messages. */
  readonly where: (key: string) => string;
  readonly problems: Problems;
};

type Certificates = Pick<ConnectionConfig, 'ca' | 'clientCertificate'>;

const NONE: Certificates = { ca: null, clientCertificate: null };

/** Reads the files. What is wrong with them is a problem, and then nothing is used. */
export async function readClientTls(tls: Account['tls'], files: TlsFiles): Promise<Certificates> {
  const { ca_file, cert_file, key_file } = tls ?? {};
  const [ca, cert, key] = await Promise.all([
    read('ca_file', ca_file, files),
    read('cert_file', cert_file, files),
    read('key_file', key_file, files),
  ]);
  if ((cert_file === undefined) !== (key_file === undefined)) {
    const [has, lacks] = cert_file === undefined ? ['key_file', 'cert_file'] : ['cert_file', 'key_file'];
    files.problems.add(files.where(has), `set without ${lacks}, wanted both`);
    return NONE;
  }
  if (ca !== null && !isUsable({ ca })) return refuse('ca_file', 'no certificate in PEM', files);
  if (cert === null || key === null) return { ca, clientCertificate: null };
  if (!isUsable({ cert, key })) return refuse('cert_file', 'no certificate in PEM to which key_file is the key', files);
  return { ca, clientCertificate: { cert, key } };
}

async function read(key: string, name: string | undefined, files: TlsFiles): Promise<string | null> {
  if (name === undefined) return null;
  const path = resolve(files.directory, name);
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    files.problems.add(files.where(key), `cannot read ${path}: ${readFault(error)}`);
    return null;
  }
}

function refuse(key: string, found: string, { where, problems }: TlsFiles): Certificates {
  problems.add(where(key), `the file holds ${found}`);
  return NONE;
}

function isUsable(pem: { readonly ca?: string; readonly cert?: string; readonly key?: string }): boolean {
  if (Object.values(pem).some((text) => !text.includes('-----BEGIN '))) return false;
  try {
    createSecureContext(pem);
    return true;
  } catch {
    return false;
  }
}
