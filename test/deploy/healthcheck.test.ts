/** The health check of the image finds the exporter whatever address, prefix, TLS or users it is configured with. */
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { type Running, scratch, start } from '../cli/program.ts';
import { freePort } from '../support/process.ts';
import { findTool } from '../support/tools.ts';
import { TestCa } from '../web/certificates.ts';

const CHECK = join(import.meta.dirname, '../../deploy/docker/healthcheck.mjs');
const HASH = '$2y$04$zuSsNOSRPzRyOUDMAgmZ6.2uP4a8MTUfUdbSm5cXnSNgDjpI7jg5m';
const openssl = findTool('openssl');
const running: Running[] = [];

afterEach(async () => {
  for (const { child, ended } of running.splice(0)) {
    child.kill('SIGKILL');
    await ended;
  }
});

/** Starts an exporter without an API behind it; it listens all the same. */
async function exporter(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Running> {
  const account = { LLAMA_CLOUD_API_KEY: 'llx-any', LLAMA_CLOUD_BASE_URL: 'http://127.0.0.1:1' };
  const one = start(['--state.url=sqlite::memory:', '--log.format=json', ...args], {
    env: { ...account, ...env },
    cwd: scratch(),
  });
  running.push(one);
  await one.said(/"Listening"/);
  return one;
}

type Checked = { readonly code: number | null; readonly stderr: string };

function check(pid: number | undefined, env: Readonly<Record<string, string>> = {}): Promise<Checked> {
  const child = spawn(process.execPath, [CHECK, String(pid)], { env: { PATH: process.env['PATH'] ?? '', ...env } });
  let stderr = '';
  child.stderr.on('data', (chunk) => (stderr += String(chunk)));
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, stderr })));
}

const HEALTHY: Checked = { code: 0, stderr: '' };

describe('the health check', { timeout: 180_000 }, () => {
  test('follows the address on the command line, in either form', async () => {
    const [a, b] = [await freePort(), await freePort()];
    const started = await Promise.all([
      exporter([`--web.listen-address=127.0.0.1:${a}`]),
      exporter(['--web.listen-address', `[::1]:${b}`]),
    ]);
    for (const { child } of started) expect(await check(child.pid)).toEqual(HEALTHY);
  });

  test('follows the variable, and the command line first', async () => {
    const [a, b] = [await freePort(), await freePort()];
    const env = { LLAMACLOUD_EXPORTER_WEB_LISTEN_ADDRESS: `:${a},127.0.0.1:${b}` };
    const byVariable = await exporter([], env);
    expect(await check(byVariable.child.pid, env)).toEqual(HEALTHY);
    const c = await freePort();
    const byFlag = await exporter([`--web.listen-address=:${c}`], env);
    expect(await check(byFlag.child.pid, env)).toEqual(HEALTHY);
  });

  test('follows the prefix, given as such or by the external URL', async () => {
    const [a, b] = [await freePort(), await freePort()];
    const started = await Promise.all([
      exporter([`--web.listen-address=127.0.0.1:${a}`, '--web.route-prefix=/llamacloud/']),
      exporter([`--web.listen-address=127.0.0.1:${b}`, '--web.external-url=https://ops.example.com/llamacloud']),
    ]);
    for (const { child } of started) expect(await check(child.pid)).toEqual(HEALTHY);
  });

  test('tells an exporter that does not answer', async () => {
    const port = await freePort();
    const { child } = await exporter([`--web.listen-address=127.0.0.1:${port}`]);
    child.kill('SIGSTOP');
    const stopped = await check(child.pid);
    expect([stopped.code, stopped.stderr]).toEqual([1, expect.stringContaining('no answer within 4 s')]);
    const elsewhere = await check(0, { LLAMACLOUD_EXPORTER_WEB_LISTEN_ADDRESS: `127.0.0.1:${await freePort()}` });
    expect([elsewhere.code, elsewhere.stderr]).toEqual([1, expect.stringContaining('ECONNREFUSED')]);
  });

  test.runIf(openssl)('passes TLS, users and client certificates', async () => {
    const ca = new TestCa(openssl ?? '');
    const { certFile, keyFile } = ca.issue('server');
    const tls = `tls_server_config: { cert_file: "${certFile}", key_file: "${keyFile}"`;
    const policies = ['RequireAndVerifyClientCert', 'RequireAnyClientCert', 'NoClientCert'];
    const started = policies.map(async (policy) => {
      const client = policy === 'NoClientCert' ? '' : `, client_auth_type: ${policy}`;
      const verify = policy === 'RequireAndVerifyClientCert' ? `, client_ca_file: "${ca.ca.certFile}"` : '';
      const file = join(ca.folder, `${policy}.yml`);
      writeFileSync(file, `${tls}${client}${verify} }\nbasic_auth_users: { someone: "${HASH}" }\n`);
      const port = await freePort();
      return exporter([`--web.listen-address=127.0.0.1:${port}`, `--web.config.file=${file}`]);
    });
    for (const { child } of await Promise.all(started)) expect(await check(child.pid)).toEqual(HEALTHY);
  });
});

describe('signals of debuggers', { timeout: 180_000 }, () => {
  test('neither end the exporter nor open its inspector', async () => {
    const port = await freePort();
    const { child, ended } = await exporter([`--web.listen-address=127.0.0.1:${port}`], {
      NODE_OPTIONS: '--disable-sigusr1',
    });
    child.kill('SIGUSR2');
    child.kill('SIGUSR1');
    expect(await check(child.pid)).toEqual(HEALTHY);
    child.kill('SIGTERM');
    const { code, stderr } = await ended;
    expect([code, stderr]).toEqual([0, expect.not.stringContaining('Debugger')]);
  });
});
