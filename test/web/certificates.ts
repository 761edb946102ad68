/** Certificates for tests, made by openssl: a CA, and what it signed. Valid for a day; elliptic keys are quick to make. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export type Pair = { readonly certFile: string; readonly keyFile: string; readonly cert: string; readonly key: string };

export class TestCa {
  readonly folder = mkdtempSync(join(tmpdir(), 'web-tls-'));
  readonly ca: Pair;
  readonly #openssl: string;

  constructor(openssl: string) {
    this.#openssl = openssl;
    this.#run(
      'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1 -subj /CN=test-ca -keyout ca.key -out ca.crt',
    );
    this.ca = this.#pair('ca');
  }

  /** A certificate for localhost and 127.0.0.1, usable by servers and clients. */
  issue(name: string): Pair {
    writeFileSync(join(this.folder, `${name}.ext`), 'subjectAltName=DNS:localhost,IP:127.0.0.1\n');
    this.#run(
      `req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=${name} -keyout ${name}.key -out ${name}.csr`,
    );
    this.#run(
      `x509 -req -in ${name}.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 1 -extfile ${name}.ext -out ${name}.crt`,
    );
    return this.#pair(name);
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  #run(args: string): void {
    execFileSync(this.#openssl, args.split(' '), { cwd: this.folder, stdio: 'pipe' });
  }

  #pair(name: string): Pair {
    const certFile = this.path(`${name}.crt`);
    const keyFile = this.path(`${name}.key`);
    return { certFile, keyFile, cert: readFileSync(certFile, 'utf8'), key: readFileSync(keyFile, 'utf8') };
  }
}
