/** The first row of the exporter dashboard: is it up, and is what it shows true? */
import { BigValueTextMode, ReduceDataOptionsBuilder } from '@grafana/grafana-foundation-sdk/common';
import { MappingType, type ValueMapping } from '@grafana/grafana-foundation-sdk/dashboard';
import type { PanelBuilder as StatPanel } from '@grafana/grafana-foundation-sdk/stat';
import { EXPORTER } from '../../../src/metrics/catalog.ts';
import { alertCount } from '../alerts.ts';
import { PROMETHEUS_SERIES } from '../annotations.ts';
import { byThresholds, GREY_WITHOUT_VALUE, limits, stat } from '../common.ts';
import { place, type Row } from '../layout.ts';
import { COLOR } from '../palette.ts';
import { growth, ofExporter, sum } from '../promql.ts';
import { now, rows } from '../queries.ts';
import { oldestData, projectCount } from '../shared.ts';

/** 1 and 0 in words, the second one in red. */
function words(good: string, bad: string): ValueMapping[] {
  return [
    GREY_WITHOUT_VALUE,
    {
      type: MappingType.ValueToText,
      options: { '1': { text: good, color: COLOR.ok, index: 0 }, '0': { text: bad, color: COLOR.error, index: 1 } },
    },
  ];
}

function scrape(): StatPanel {
  return stat('Scrape', 'Whether Prometheus reaches every chosen exporter.', 'none')
    .mappings(words('Up', 'Down'))
    .withTarget(now(`min(${ofExporter(PROMETHEUS_SERIES.up)})`, 'Up'));
}

function discovery(): StatPanel {
  return stat('Discovery', 'Whether the last discovery of projects succeeded for every account.', 'none')
    .mappings(words('OK', 'Failing'))
    .withTarget(now(`min(${ofExporter(EXPORTER.discoveryUp)})`, 'Discovery'));
}

function reload(): StatPanel {
  return stat(
    'Configuration',
    'Whether the last reload succeeded; after a failed one the previous configuration stays in force.',
    'none',
  )
    .mappings(words('Loaded', 'Rejected'))
    .withTarget(now(`min(${ofExporter(EXPORTER.reloadSuccessful)})`, 'Configuration'));
}

function failedWrites(): StatPanel {
  return stat(
    'Failed writes',
    'Writes to the state that failed within the time range; what they held is read again.',
    'short',
  )
    .decimals(0)
    .colorScheme(byThresholds())
    .thresholds(limits({ warning: 1, bad: 3 }))
    .withTarget(now(sum(growth(ofExporter(EXPORTER.stateWriteErrors))), 'Failed'));
}

function version(): StatPanel {
  return stat('Version', 'Version of the exporter; more than one while a new one is rolled out.', 'none')
    .textMode(BigValueTextMode.Value)
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']).fields('/^version$/').values(false))
    .withTarget(rows(`group by (version) (${ofExporter(EXPORTER.buildInfo)})`));
}

export function health(): Row {
  const height = 4;
  return {
    title: 'Health',
    panels: [
      place(scrape(), 2, height),
      place(alertCount(), 4, height),
      place(projectCount(), 4, height),
      place(oldestData(), 3, height),
      place(discovery(), 2, height),
      place(reload(), 3, height),
      place(failedWrites(), 3, height),
      place(version(), 3, height),
    ],
  };
}
