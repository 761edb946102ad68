/** How long the runs of a project take, down to the single session. */

import { AxisPlacement, TooltipDisplayMode } from '@grafana/grafana-foundation-sdk/common';
import {
  HeatmapColorMode,
  HeatmapColorOptionsBuilder,
  HeatmapColorScale,
  PanelBuilder as HeatmapPanel,
  HeatmapTooltipBuilder,
  YAxisConfigBuilder,
} from '@grafana/grafana-foundation-sdk/heatmap';
import { RUNS, SESSIONS } from '../../../src/metrics/catalog.ts';
import { limited, lines, NO_DATA } from '../common.ts';
import { place, type Row } from '../layout.ts';
import { LIMITS } from '../limits.ts';
import { color, dashed, rightAxis } from '../overrides.ts';
import { COLOR, HEATMAP_SCHEME } from '../palette.ts';
import { growthPerWindow, mean, ofProjects, total, weekAgoMean } from '../promql.ts';
import { buckets, exemplarsOnly, series } from '../queries.ts';
import { quantilesWithSessions } from '../shared.ts';
import { DATASOURCE } from '../variables.ts';

function heatmap(): HeatmapPanel {
  return new HeatmapPanel()
    .title('Durations of runs')
    .description(
      'How many runs fell into each range of duration. A point is a session among the slowest twentieth of the runs: its tooltip shows the id and leads to the sessions of the project.',
    )
    .datasource(DATASOURCE)
    .unit('short')
    .decimals(0)
    .noValue(NO_DATA)
    .maxDataPoints(90)
    .calculate(false)
    .color(
      new HeatmapColorOptionsBuilder()
        .mode(HeatmapColorMode.Scheme)
        .scheme(HEATMAP_SCHEME)
        .scale(HeatmapColorScale.Exponential)
        .exponent(0.5)
        .steps(64),
    )
    .cellGap(1)
    .yAxis(new YAxisConfigBuilder().unit('s').axisPlacement(AxisPlacement.Left))
    .tooltip(new HeatmapTooltipBuilder().mode(TooltipDisplayMode.Single).yHistogram(true))
    .showLegend()
    .exemplarsColor(COLOR.output)
    .withTarget(buckets(total(growthPerWindow(ofProjects(`${RUNS.duration.name}_bucket`)), 'le')))
    .withTarget(exemplarsOnly(ofProjects(`${RUNS.duration.name}_bucket`, 'le=~"$slowest"')));
}

function durationQuantiles() {
  const panel = quantilesWithSessions(
    'Quantiles of durations',
    'Quantiles of the duration of runs, estimated from the buckets of the histogram. The dashed lines stand at 1 and 2 minutes.',
    's',
    RUNS.duration,
  );
  return limited(panel, LIMITS.durationP95);
}

function meanDuration() {
  return lines(
    'Mean and longest duration',
    'Mean of the runs now and a week ago; mean and longest of the most recent runs of all sessions, the longest on the scale on the right.',
    's',
  )
    .withTarget(series(mean(RUNS.duration), 'Mean'))
    .withTarget(series(weekAgoMean(RUNS.duration), 'Mean, a week ago'))
    .withTarget(series(`avg(${ofProjects(SESSIONS.lastRunDurationAvg)})`, 'Mean of last runs'))
    .withTarget(series(`max(${ofProjects(SESSIONS.lastRunDurationMax)})`, 'Longest of last runs'))
    .overrideByName('Mean', [color(COLOR.input)])
    .overrideByName('Mean, a week ago', [color(COLOR.past), ...dashed()])
    .overrideByName('Mean of last runs', [color(COLOR.p50)])
    .overrideByName('Longest of last runs', [color(COLOR.p99), rightAxis()]);
}

export function durations(): Row {
  return {
    title: 'Durations',
    panels: [place(heatmap(), 10, 10), place(durationQuantiles(), 7, 10), place(meanDuration(), 7, 10)],
  };
}
