/**
 * Runs before the exporter in docker-compose.yml: exit 0 with LLAMA_CLOUD_API_KEY, or with the simulator of the demo; else exit 2 and say what
 * to do. Without it the exporter would poll a simulator that is not there. The argument is the host name of the simulator.
 */
import { lookup } from 'node:dns/promises';

const [, , simulator = 'simulator'] = process.argv;

const isThere = (host) =>
  lookup(host).then(
    () => true,
    () => false,
  );

if (!process.env.LLAMA_CLOUD_API_KEY && !(await isThere(simulator))) {
  process.stderr.write(
    'LLAMA_CLOUD_API_KEY is not set, so there is nothing to poll.\n' +
      '  With a key:          LLAMA_CLOUD_API_KEY=llx-... docker compose up -d\n' +
      '  The demo, without:   docker compose --profile demo up --build\n',
  );
  process.exitCode = 2;
}
