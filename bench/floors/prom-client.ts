/**
 * What most exporters do: prom-client's `registry.metrics()` for every scrape, behind express. `prom-client.ts URL` first takes all
 * series of that /metrics into a registry; then it prints its port. Ends with its standard input.
 */
import type { AddressInfo } from 'node:net';
import express from 'express';
import { Gauge, Registry } from 'prom-client';
import { scrape } from '../run/scrape.ts';

type Sample = { readonly name: string; readonly labels: Record<string, string>; readonly value: number };

function samplesOf(text: string): Sample[] {
  return [...text.matchAll(/^([a-z_]+)(?:\{(.*)\})? (\S+)$/gm)].map(([, name = '', labels = '', value = '']) => ({
    name,
    labels: Object.fromEntries([...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, key, is]) => [key, is])),
    value: Number(value),
  }));
}

const registry = new Registry();
for (const [name, samples] of Map.groupBy(samplesOf(await scrape(process.argv[2] ?? '')), (sample) => sample.name)) {
  const labelNames = Object.keys(samples[0]?.labels ?? {});
  const gauge = new Gauge({ name, help: name, labelNames, registers: [registry] });
  for (const { labels, value } of samples) gauge.set(labels, value);
}

const app = express();
app.get('/metrics', async (_, response) => {
  const body = await registry.metrics();
  response.set('content-type', registry.contentType).send(body);
});
const server = app.listen(0, '127.0.0.1', () => process.stdout.write(`${(server.address() as AddressInfo).port}\n`));
process.stdin.resume().on('end', () => process.exit());
