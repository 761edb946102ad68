/** How old the data of each project is. */
import { VisibilityMode } from '@grafana/grafana-foundation-sdk/common';
import { MappingType, ThresholdsConfigBuilder, ThresholdsMode } from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder as StateTimelinePanel } from '@grafana/grafana-foundation-sdk/statetimeline';
import { EXPORTER, POLLING } from '../../../src/metrics/catalog.ts';
import { bars, byThresholds, fixed, legendBeside, limited, lines, NO_DATA } from '../common.ts';
import { place, type Row } from '../layout.ts';
import { LIMITS } from '../limits.ts';
import { color, dashed } from '../overrides.ts';
import { COLOR } from '../palette.ts';
import { age, atEnd, lowestProjects, max, ofExporter, ofProjects, withNames } from '../promql.ts';
import { now, series } from '../queries.ts';
import { DATASOURCE } from '../variables.ts';

const BY = 'project_id';

function dataAge() {
  const lastSuccess = ofProjects(POLLING.lastSuccess);
  const panel = lines('Data age', 'Time since the last successful poll, of the ten projects that are oldest now.', 's');
  return limited(panel, LIMITS.dataAge)
    .colorScheme(byThresholds())
    .fillOpacity(0)
    .legend(legendBeside())
    .withTarget(series(withNames(lowestProjects(10, max(age(lastSuccess), BY), atEnd(lastSuccess))), '{{project}}'));
}

function failureBelowOne(): ThresholdsConfigBuilder {
  return new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps([
    { value: null, color: COLOR.error },
    { value: 1, color: COLOR.ok },
  ]);
}

function lastPolls(): StateTimelinePanel {
  const up = ofProjects(POLLING.up);
  const share = `avg_over_time(${atEnd(`${up}[$__range]`)})`;
  const options = {
    '1': { text: 'Success', color: COLOR.ok, index: 0 },
    '0': { text: 'Failure', color: COLOR.error, index: 1 },
  };
  return new StateTimelinePanel()
    .title('Last poll')
    .description(
      'Whether the last poll succeeded, of the ten projects with the most failures in the time range. A gap: no scrape, or no poll has ended yet.',
    )
    .datasource(DATASOURCE)
    .unit('none')
    .noValue(NO_DATA)
    .mappings([{ type: MappingType.ValueToText, options }])
    .thresholds(failureBelowOne())
    .colorScheme(byThresholds())
    .showValue(VisibilityMode.Never)
    .mergeValues(true)
    .rowHeight(0.8)
    .lineWidth(0)
    .fillOpacity(80)
    .withTarget(series(withNames(lowestProjects(10, max(up, BY), share)), '{{project}}'));
}

function gaps() {
  const gap = ofProjects(POLLING.gap);
  return lines(
    'Time between polls',
    'Time between the last two successful polls of a project, beside the configured interval.',
    's',
  )
    .withTarget(series(max(gap), 'Slowest project'))
    .withTarget(series(`quantile(0.5, ${gap})`, 'Median'))
    .withTarget(series(`min(${ofExporter(EXPORTER.pollInterval, 'kind="head"')})`, 'Configured'))
    .overrideByName('Slowest project', [color(COLOR.p99)])
    .overrideByName('Median', [color(COLOR.p50)])
    .overrideByName('Configured', [color(COLOR.past), ...dashed()]);
}

function sweepAge() {
  const done = ofProjects(POLLING.lastFullSweep);
  return lines(
    'Age of full sweeps',
    'Time since the last complete sweep of a project, beside the configured interval of sweeps.',
    's',
  )
    .withTarget(series(max(age(done)), 'Oldest project'))
    .withTarget(series(`quantile(0.5, ${age(done)})`, 'Median'))
    .withTarget(series(`min(${ofExporter(EXPORTER.pollInterval, 'kind="full"')})`, 'Configured'))
    .overrideByName('Oldest project', [color(COLOR.p99)])
    .overrideByName('Median', [color(COLOR.p50)])
    .overrideByName('Configured', [color(COLOR.past), ...dashed()]);
}

function sweepProgress() {
  return bars(
    'Sweep progress',
    'Pages read by the running sweep over those of the last one, of the ten projects that are least far; 100 % at rest.',
    'percentunit',
  )
    .max(1)
    .decimals(0)
    .colorScheme(fixed(COLOR.input))
    .withTarget(
      now(
        `sort(${withNames(`bottomk(10, min by (project_id) (${ofProjects(POLLING.sweepProgress)}))`)})`,
        '{{project}}',
      ),
    );
}

export function freshness(): Row {
  return {
    title: 'Freshness',
    panels: [
      place(dataAge(), 12, 9),
      place(lastPolls(), 12, 9),
      place(gaps(), 8, 9),
      place(sweepAge(), 8, 9),
      place(sweepProgress(), 8, 9),
    ],
  };
}
