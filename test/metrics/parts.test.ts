/** The project part and the exporter part of /metrics add up to the whole. */
import { expect, test } from 'vitest';
import type { Format, Part } from '../../src/domain/serving.ts';
import { CATALOG } from '../../src/metrics/catalog.ts';
import { NOW, view } from '../builders/values.ts';
import { type Room, read, room, samples } from './room.ts';

const FORMATS: readonly Format[] = ['text', 'openmetrics'];

/** A room that knows something of everything, the metrics of the process left out, as they change by themselves. */
function filledRoom(): Room {
  const metrics = room();
  metrics.publisher.put(view());
  metrics.observer.accountKnown('main', 'http://x');
  metrics.observer.discoverySucceeded('main', 1, NOW);
  metrics.observer.stateMeasured(1, 2, 3);
  metrics.setStateCreated(NOW);
  metrics.setIntervals({ headSeconds: 60, fullSeconds: 1800 });
  return metrics;
}

async function readAll(metrics: Room, format: Format): Promise<Readonly<Record<Part, string>>> {
  const projects = await read(metrics, format, 'projects');
  return { projects, exporter: await read(metrics, format, 'exporter'), both: await read(metrics, format, 'both') };
}

const familiesOf = (text: string): readonly string[] =>
  [...text.matchAll(/^# TYPE (\S+) /gm)].map((match) => match[1] as string);

test.each(FORMATS)('the parts add up to the whole as %s', async (format) => {
  const { projects, exporter, both } = await readAll(filledRoom(), format);
  expect(both).toBe(projects.replace('# EOF\n', '') + exporter);
  const families = familiesOf(both);
  expect(new Set(families).size).toBe(families.length);
});

test('each part ends as its format wants', async () => {
  const openmetrics = await readAll(filledRoom(), 'openmetrics');
  for (const text of Object.values(openmetrics)) {
    expect(text.endsWith('\n# EOF\n')).toBe(true);
    expect(text.match(/# EOF/g)).toHaveLength(1);
  }
  for (const text of Object.values(await readAll(filledRoom(), 'text'))) expect(text).toMatch(/^#[^]*[^\n]\n$/);
});

test.each(['projects', 'exporter'] as const)('the part %s has its families of the catalogue', async (part) => {
  const found = familiesOf((await readAll(filledRoom(), 'text'))[part]);
  const wanted = familiesOf((await readAll(filledRoom(), 'text')).both).filter(
    (name) => CATALOG.find((metric) => metric.name === name)?.part === part,
  );
  expect(found).toEqual(wanted);
});

test('the process is in the exporter part alone', async () => {
  const metrics = room(undefined, true);
  expect(await read(metrics, 'text', 'projects')).not.toContain('process_');
  expect(await read(metrics, 'text', 'exporter')).toContain('process_cpu_seconds_total');
});

test('the exporter part renders no project', async () => {
  const metrics = filledRoom();
  expect(samples(await read(metrics, 'text', 'exporter'), 'llamacloud_exporter_snapshot_timestamp_seconds')).toEqual(
    [],
  );
  expect(metrics.source.ready()).toBe(false);
});

test('the project part is the same buffer until something changes', async () => {
  const metrics = filledRoom();
  await read(metrics, 'text', 'projects');
  const first = await metrics.source.gzip('projects', 'text');
  await metrics.clock.advance(5000);
  metrics.observer.stateMeasured(1, 2, 3);
  expect(await metrics.source.gzip('projects', 'text')).toBe(first);
  metrics.observer.stateMeasured(5, 2, 3);
  expect(samples(await read(metrics, 'text', 'projects'), 'llamacloud_exporter_state_size_bytes')).toEqual([
    'llamacloud_exporter_state_size_bytes 5',
  ]);
});
