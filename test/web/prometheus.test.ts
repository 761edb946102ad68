/** A real Prometheus scrapes through TLS, a client certificate and a password, while all three change. */
import { renameSync, writeFileSync } from 'node:fs';
import { hashSync } from '@node-rs/bcrypt';
import { describe, expect, it, onTestFinished } from 'vitest';

import { systemClock } from '../../src/clock.ts';
import { watchWebConfig } from '../../src/config/web/watch.ts';
import { RecordingLogger } from '../fakes/recording-logger.ts';
import { type PrometheusProcess, startPrometheus } from '../support/prometheus.ts';
import { until } from '../support/until.ts';
import { TestCa } from './certificates.ts';
import { serve } from './fixtures.ts';
import { tool } from './tools.ts';

type Target = { readonly health: string; readonly lastError: string };

const scrapeConfig = (target: string, ca: TestCa): object => ({
  global: { scrape_interval: '1s', scrape_timeout: '1s' },
  scrape_configs: [
    {
      job_name: 'llamacloud',
      scheme: 'https',
      tls_config: {
        ca_file: ca.path('ca.crt'),
        cert_file: ca.path('client.crt'),
        key_file: ca.path('client.key'),
        server_name: 'localhost',
      },
      basic_auth: { username: 'prom', password: 'secret' },
      static_configs: [{ targets: [target] }],
    },
  ],
});

const webConfig = (ca: TestCa, name: string, password: string): string => `
tls_server_config:
  cert_file: ${name}.crt
  key_file: ${name}.key
  client_auth_type: RequireAndVerifyClientCert
  client_ca_file: ${ca.path('ca.crt')}
basic_auth_users: { prom: "${hashSync(password, 5)}" }
`;

/** The target's state changes from scrape to scrape; this waits for the one wanted. */
async function untilTarget(prometheus: PrometheusProcess, wanted: (target: Target) => boolean): Promise<void> {
  const look = async (): Promise<boolean> => {
    const { activeTargets } = await prometheus.ask<{ activeTargets: readonly Target[] }>('/api/v1/targets');
    return activeTargets.some(wanted);
  };
  await until('the target changes', look, 45);
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
    onTestFinished(() => source.stop());
    await using served = await serve({}, source);
    served.snapshot.texts.openmetrics = '# TYPE llamas gauge\nllamas 42\n# EOF\n';
    const prometheus = await startPrometheus(program, scrapeConfig(new URL(served.url).host, ca));
    try {
      await untilTarget(prometheus, ({ health }) => health === 'up');
      const answer = await prometheus.ask('/api/v1/query?query=llamas');
      expect(answer).toMatchObject({ result: [{ value: [expect.any(Number), '42'] }] });
      put(webConfig(ca, 'renewed', 'another'));
      await untilTarget(prometheus, ({ health, lastError }) => health === 'down' && lastError.includes('401'));
      put(webConfig(ca, 'renewed', 'secret'));
      await untilTarget(prometheus, ({ health }) => health === 'up');
      expect(logger.at('warn')).toEqual([]);
    } finally {
      await prometheus.stop();
    }
  });
});
