/** A real Prometheus scrapes through TLS, a client certificate and a password, while all three change. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hashSync } from '@node-rs/bcrypt';
import { describe, expect, it } from 'vitest';

import { systemClock } from '../../src/clock.ts';
import { watchWebConfig } from '../../src/config/web/watch.ts';
import { RecordingLogger } from '../fakes/recording-logger.ts';
import { TestCa } from './certificates.ts';
import { serve } from './fixtures.ts';
import { tool } from './tools.ts';

type Target = { readonly health: string; readonly lastError: string };

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

const scrapeConfig = (target: string, ca: TestCa): string => `
global: { scrape_interval: 1s, scrape_timeout: 1s }
scrape_configs:
  - job_name: llamacloud
    scheme: https
    tls_config: { ca_file: ${ca.path('ca.crt')}, cert_file: ${ca.path('client.crt')}, key_file: ${ca.path('client.key')}, server_name: localhost }
    basic_auth: { username: prom, password: secret }
    static_configs: [{ targets: ["${target}"] }]
`;

const webConfig = (ca: TestCa, name: string, password: string): string => `
tls_server_config:
  cert_file: ${name}.crt
  key_file: ${name}.key
  client_auth_type: RequireAndVerifyClientCert
  client_ca_file: ${ca.path('ca.crt')}
basic_auth_users: { prom: "${hashSync(password, 5)}" }
`;

async function stop(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  await gone;
}

/** The target's state changes from scrape to scrape; this waits for the one wanted. */
async function until(port: number, wanted: (target: Target) => boolean): Promise<void> {
  const look = async (): Promise<boolean> => {
    const answer = await fetch(`http://127.0.0.1:${port}/api/v1/targets`).then(
      (res) => res.json(),
      () => null,
    );
    const target = (answer as { data?: { activeTargets?: Target[] } } | null)?.data?.activeTargets?.[0];
    return target !== undefined && wanted(target);
  };
  await expect.poll(look, { timeout: 45_000, interval: 200 }).toBe(true);
}

describe('a real Prometheus', () => {
  it('scrapes by TLS, client certificate and password, and sees them change', async (context) => {
    const program = tool(context, 'prometheus');
    using ca = new TestCa(tool(context, 'openssl'));
    for (const name of ['server', 'client', 'renewed']) ca.issue(name);
    const file = ca.path('web.yml');
    const put = (text: string): void => {
      writeFileSync(`${file}.new`, text);
      renameSync(`${file}.new`, file);
    };
    put(webConfig(ca, 'server', 'secret'));
    const logger = new RecordingLogger();
    const source = watchWebConfig(file, logger, systemClock);
    await using served = await serve({}, source);
    served.snapshot.texts.openmetrics = '# TYPE llamas gauge\nllamas 42\n# EOF\n';
    const folder = mkdtempSync(join(tmpdir(), 'prometheus-'));
    const port = await freePort();
    writeFileSync(join(folder, 'prometheus.yml'), scrapeConfig(new URL(served.url).host, ca));
    const args = [
      `--config.file=${folder}/prometheus.yml`,
      `--storage.tsdb.path=${folder}/data`,
      `--web.listen-address=127.0.0.1:${port}`,
    ];
    const child = spawn(program, args, { stdio: 'ignore' });
    try {
      await until(port, ({ health }) => health === 'up');
      const answer = await fetch(`http://127.0.0.1:${port}/api/v1/query?query=llamas`).then((res) => res.json());
      expect(answer).toMatchObject({ data: { result: [{ value: [expect.any(Number), '42'] }] } });
      put(webConfig(ca, 'renewed', 'another'));
      await until(port, ({ health, lastError }) => health === 'down' && lastError.includes('401'));
      put(webConfig(ca, 'renewed', 'secret'));
      await until(port, ({ health }) => health === 'up');
      expect(logger.at('warn')).toEqual([]);
    } finally {
      await stop(child);
      source.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
