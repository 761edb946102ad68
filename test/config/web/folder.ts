/** A folder with a web configuration and PEM files beside it, made anew for each test of a file. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach } from 'vitest';

import { loadWebConfig } from '../../../src/config/web/web-config.ts';
import { ExporterError } from '../../../src/domain/errors.ts';
import { TestCa } from '../../web/certificates.ts';
import { tool } from '../../web/tools.ts';

/** A bcrypt hash, as `basic_auth_users` wants it. */
export const HASH = '$2y$10$X0h1gDsPszWURQaxFh.zoubFi6DXncSjhoQNJgRrnGs7EsimhC7zG';

const PAIR = 'cert_file: pem/server.crt, key_file: pem/server.key';

/** A `tls_server_config` with a valid certificate and key, and more keys. */
export const tls = (rest: string): string => `tls_server_config: { ${PAIR}, ${rest} }`;

/** Call at the top of a test file: makes the folder before each test and removes it afterwards. Needs openssl. */
export function webConfigFolder() {
  const pem = { certificate: '', key: '', otherKey: '' };
  const folder = { path: '' };
  let ca: TestCa | null = null;

  beforeEach((context) => {
    ca ??= new TestCa(tool(context, 'openssl'));
    if (pem.key === '')
      Object.assign(pem, { certificate: ca.ca.cert, key: ca.ca.key, otherKey: ca.issue('other').key });
    folder.path = mkdtempSync(join(tmpdir(), 'web-config-'));
    mkdirSync(join(folder.path, 'pem'));
    writeFileSync(join(folder.path, 'pem/server.crt'), pem.certificate);
    writeFileSync(join(folder.path, 'pem/server.key'), pem.key);
    writeFileSync(join(folder.path, 'pem/other.key'), pem.otherKey);
    writeFileSync(join(folder.path, 'pem/empty'), '');
  });
  afterEach(() => rmSync(folder.path, { recursive: true, force: true }));
  afterAll(() => ca?.[Symbol.dispose]());

  const load = (text: string) => {
    const file = join(folder.path, 'web.yml');
    writeFileSync(file, text);
    return loadWebConfig(file);
  };

  /** What is wrong with `text`, a line each, without the file's path. */
  const problems = (text: string): readonly string[] => {
    try {
      load(text);
    } catch (error) {
      if (!(error instanceof ExporterError) || error.code !== 'config') throw error;
      const lines = error.message.split('\n  - ');
      return (lines.length > 1 ? lines.slice(1) : lines).map((line) => line.replaceAll(`${folder.path}/`, ''));
    }
    return [];
  };
  return { pem, folder, load, problems };
}
