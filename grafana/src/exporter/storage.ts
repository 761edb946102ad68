/** What the exporter serves and what it keeps. */
import { GraphDrawStyle } from '@grafana/grafana-foundation-sdk/common';
import { EXPORTER } from '../../../src/metrics/catalog.ts';
import { fixed, lines, stacked, stat } from '../common.ts';
import { place, type Row } from '../layout.ts';
import { color } from '../overrides.ts';
import { COLOR } from '../palette.ts';
import { age, growthPerWindow, max, ofExporter, sum } from '../promql.ts';
import { now, series } from '../queries.ts';

function snapshot() {
  return lines('Snapshot', 'Series of the project part of /metrics, and its compressed size (right).', 'short')
    .withTarget(series(sum(ofExporter(EXPORTER.snapshotSeries)), 'Series'))
    .withTarget(series(sum(ofExporter(EXPORTER.snapshotSize)), 'Size'))
    .overrideByName('Series', [color(COLOR.input)])
    .overrideByName('Size', [
      color(COLOR.output),
      { id: 'unit', value: 'bytes' },
      { id: 'custom.axisPlacement', value: 'right' },
    ]);
}

function snapshotAge() {
  return lines('Age of the snapshot', 'Time since the last publication, of the exporter where it is longest.', 's')
    .withTarget(series(max(age(ofExporter(EXPORTER.snapshotTimestamp))), 'Age'))
    .overrideByName('Age', [color(COLOR.input)]);
}

function stateSessions() {
  return stacked(
    'Sessions in the state',
    'Live sessions, and deleted ones that are kept for 30 days so that they are not counted again.',
    'short',
  )
    .withTarget(series(sum(ofExporter(EXPORTER.stateSessions), 'state'), '{{state}}'))
    .overrideByName('live', [color(COLOR.ok)])
    .overrideByName('deleted', [color(COLOR.neutral)]);
}

function stateSize() {
  return lines('Size of the state', 'Size of the state on disk.', 'bytes')
    .withTarget(series(sum(ofExporter(EXPORTER.stateSize)), 'Size'))
    .overrideByName('Size', [color(COLOR.input)]);
}

function writeErrors() {
  return stacked(
    'Failed writes',
    'Writes to the state that failed, per window of rates. What they held is read again.',
    'short',
  )
    .noValue('No write has failed')
    .drawStyle(GraphDrawStyle.Bars)
    .withTarget(series(`${sum(growthPerWindow(ofExporter(EXPORTER.stateWriteErrors)))} > 0`, 'Failed'))
    .overrideByName('Failed', [color(COLOR.error)]);
}

function ages() {
  return stat(
    'Age of state and configuration',
    'Time since the state was created, where all counters start, and since the configuration was loaded.',
    's',
  )
    .colorScheme(fixed('text'))
    .withTarget(now(max(age(ofExporter(EXPORTER.stateCreated))), 'State'))
    .withTarget(now(max(age(ofExporter(EXPORTER.reloadTimestamp))), 'Configuration'));
}

export function storage(): Row {
  return {
    title: 'Snapshot and state',
    panels: [
      place(snapshot(), 4, 8),
      place(snapshotAge(), 4, 8),
      place(stateSessions(), 4, 8),
      place(stateSize(), 4, 8),
      place(writeErrors(), 4, 8),
      place(ages(), 4, 8),
    ],
  };
}
