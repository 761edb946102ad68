/** What the exporter serves and what it keeps. */
import { VizOrientation } from '@grafana/grafana-foundation-sdk/common';
import { EXPORTER, PROCESS } from '../../../src/metrics/catalog.ts';
import { limited, lines, stacked, stat } from '../common.ts';
import { place, type Row } from '../layout.ts';
import { LIMITS } from '../limits.ts';
import { color, rightAxis } from '../overrides.ts';
import { COLOR } from '../palette.ts';
import { age, max, ofExporter } from '../promql.ts';
import { now, series } from '../queries.ts';

function snapshot() {
  return lines('Snapshot', 'Series of the project part of /metrics, and its compressed size (right).', 'short')
    .withTarget(series(max(ofExporter(EXPORTER.snapshotSeries)), 'Series'))
    .withTarget(series(max(ofExporter(EXPORTER.snapshotSize)), 'Size'))
    .overrideByName('Series', [color(COLOR.input)])
    .overrideByName('Size', [color(COLOR.output), { id: 'unit', value: 'bytes' }, rightAxis()]);
}

function snapshotAge() {
  return lines('Age of the snapshot', 'Time since the last publication, of the exporter where it is longest.', 's')
    .withTarget(series(max(age(ofExporter(EXPORTER.snapshotTimestamp))), 'Age'))
    .overrideByName('Age', [color(COLOR.input)]);
}

function stateSessions() {
  return stacked(
    'Sessions in the state',
    'Live sessions, and deleted ones that are kept for 30 days so that they are not counted again; of several states, the largest.',
    'short',
  )
    .withTarget(series(max(ofExporter(EXPORTER.stateSessions), 'state'), '{{state}}'))
    .overrideByName('live', [color(COLOR.ok)])
    .overrideByName('deleted', [color(COLOR.neutral)]);
}

function stateSize() {
  const panel = lines(
    'Size of the state',
    'Size of the state on disk; of several states, the largest. The dashed lines stand at 2 and 4 GB.',
    'bytes',
  );
  return limited(panel, LIMITS.stateSize)
    .withTarget(series(max(ofExporter(EXPORTER.stateSize)), 'Size'))
    .overrideByName('Size', [color(COLOR.input)]);
}

function ages() {
  return stat(
    'Ages',
    'Time since the state was created, where all counters start, since the process started, and since it loaded its configuration.',
    's',
  )
    .orientation(VizOrientation.Horizontal)
    .withTarget(now(max(age(ofExporter(EXPORTER.stateCreated))), 'State'))
    .withTarget(now(`min(${age(ofExporter(PROCESS.startTime))})`, 'Process'))
    .withTarget(now(max(age(ofExporter(EXPORTER.reloadTimestamp))), 'Configuration'));
}

export function storage(): Row {
  return {
    title: 'Snapshot and state',
    panels: [
      place(snapshot(), 6, 8),
      place(snapshotAge(), 5, 8),
      place(stateSessions(), 5, 8),
      place(stateSize(), 5, 8),
      place(ages(), 3, 8),
    ],
  };
}
