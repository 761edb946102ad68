/** The first row of the exporter dashboard: is it up, and is what it shows true? */
import { BigValueTextMode } from '@grafana/grafana-foundation-sdk/common';
import { MappingType, type ValueMapping } from '@grafana/grafana-foundation-sdk/dashboard';
import type { PanelBuilder as StatPanel } from '@grafana/grafana-foundation-sdk/stat';
import { EXPORTER, POLLING, PROCESS } from '../../../src/metrics/catalog.ts';
import { alertCount } from '../alerts.ts';
import { PROMETHEUS_SERIES } from '../annotations.ts';
import { byThresholds, limits, stat } from '../common.ts';
import { place, type Row } from '../layout.ts';
import { COLOR } from '../palette.ts';
import { age, max, ofExporter, ofProjects } from '../promql.ts';
import { now } from '../queries.ts';

/** 1 and 0 in words, the second one in red. */
function words(good: string, bad: string): ValueMapping[] {
  const options = { '1': { text: good, color: COLOR.ok, index: 0 }, '0': { text: bad, color: COLOR.error, index: 1 } };
  return [{ type: MappingType.ValueToText, options }];
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
    'Whether the last reload succeeded; after a failed one the old configuration goes on.',
    'none',
  )
    .mappings(words('Loaded', 'Rejected'))
    .withTarget(now(`min(${ofExporter(EXPORTER.reloadSuccessful)})`, 'Configuration'));
}

function failingProjects(): StatPanel {
  return stat('Failing projects', 'Projects whose last poll failed, of all that are polled.', 'short')
    .colorScheme(byThresholds())
    .thresholds(limits({ warning: 1, bad: 2 }))
    .withTarget(now(`count(${ofProjects(POLLING.up)} == 0) or 0 * count(${ofProjects(POLLING.up)})`, 'Failing'));
}

function projectCount(): StatPanel {
  return stat('Projects', 'Projects that are polled, as of the last successful discovery.', 'short').withTarget(
    now(`sum(${ofExporter(EXPORTER.projects)})`, 'Projects'),
  );
}

function oldest(): StatPanel {
  return stat('Oldest data', 'Time since the last successful poll of the project that was not read for longest.', 's')
    .colorScheme(byThresholds())
    .thresholds(limits({ warning: 180, bad: 600 }))
    .withTarget(now(max(age(ofProjects(POLLING.lastSuccess))), 'Oldest'));
}

function uptime(): StatPanel {
  return stat('Uptime', 'Time since the exporter started.', 's').withTarget(
    now(`min(${age(ofExporter(PROCESS.startTime))})`, 'Uptime'),
  );
}

function version(): StatPanel {
  return stat('Version', 'Version of the exporter; more than one while a new one is rolled out.', 'none')
    .textMode(BigValueTextMode.Name)
    .withTarget(now(`group by (version, node_version) (${ofExporter(EXPORTER.buildInfo)})`, '{{version}}'));
}

export function health(): Row {
  const height = 4;
  return {
    title: 'Health',
    panels: [
      place(scrape(), 2, height),
      place(alertCount(), 3, height),
      place(projectCount(), 2, height),
      place(failingProjects(), 3, height),
      place(oldest(), 3, height),
      place(discovery(), 3, height),
      place(reload(), 3, height),
      place(uptime(), 3, height),
      place(version(), 2, height),
    ],
  };
}
