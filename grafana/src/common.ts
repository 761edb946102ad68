/** Factories of panels: what all panels of a kind have in common. Titles, units and queries are the caller's. */
import { PanelBuilder as BarGaugePanel } from '@grafana/grafana-foundation-sdk/bargauge';
import {
  BarGaugeDisplayMode,
  BarGaugeValueMode,
  BigValueColorMode,
  BigValueGraphMode,
  BigValueTextMode,
  GraphDrawStyle,
  GraphGradientMode,
  GraphThresholdsStyleConfigBuilder,
  GraphThresholdsStyleMode,
  LegendDisplayMode,
  LegendPlacement,
  ReduceDataOptionsBuilder,
  SortOrder,
  StackingConfigBuilder,
  StackingMode,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizOrientation,
  VizTextDisplayOptionsBuilder,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import {
  FieldColorBuilder,
  FieldColorModeId,
  MappingType,
  SpecialValueMatch,
  ThresholdsConfigBuilder,
  ThresholdsMode,
  type ValueMapping,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder as StatPanel } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as TimeseriesPanel } from '@grafana/grafana-foundation-sdk/timeseries';
import type { Limits } from './limits.ts';
import { COLOR } from './palette.ts';
import { DATASOURCE } from './variables.ts';

/** Shown instead of a graph without data. */
export const NO_DATA = 'No data for this selection and time range';
/** Shown where only a configured price makes data. */
export const NO_PRICE = 'No price configured: set prices in the configuration file of the exporter';

/** Green below the first limit, then orange, then red. */
export function limits({ warning, bad }: Limits): ThresholdsConfigBuilder {
  return new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps([
    { value: null, color: COLOR.ok },
    { value: warning, color: COLOR.warning },
    { value: bad, color: COLOR.error },
  ]);
}

export function fixed(color: string): FieldColorBuilder {
  return new FieldColorBuilder().mode(FieldColorModeId.Fixed).fixedColor(color);
}

/** For series whose names nobody knows beforehand: from blue to purple by their newest value. */
export function byValue(): FieldColorBuilder {
  return new FieldColorBuilder().mode(FieldColorModeId.ContinuousBlPu);
}

export function byThresholds(): FieldColorBuilder {
  return new FieldColorBuilder().mode(FieldColorModeId.Thresholds);
}

/** Legend below the graph, one line per series with its newest and its largest value. */
function legendTable(): VizLegendOptionsBuilder {
  return new VizLegendOptionsBuilder()
    .displayMode(LegendDisplayMode.Table)
    .placement(LegendPlacement.Bottom)
    .showLegend(true)
    .calcs(['lastNotNull', 'max']);
}

/** Legend beside the graph, for many series; sorted by the largest value. */
export function legendBeside(): VizLegendOptionsBuilder {
  return legendTable().placement(LegendPlacement.Right).calcs(['max']).sortBy('Max').sortDesc(true);
}

/** Lines over time. */
export function lines(title: string, description: string, unit: string): TimeseriesPanel {
  return new TimeseriesPanel()
    .title(title)
    .description(description)
    .datasource(DATASOURCE)
    .unit(unit)
    .min(0)
    .lineWidth(2)
    .fillOpacity(6)
    .gradientMode(GraphGradientMode.Opacity)
    .showPoints(VisibilityMode.Never)
    .noValue(NO_DATA)
    .legend(legendTable())
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending));
}

/** Areas on top of each other: parts of a whole over time. */
export function stacked(title: string, description: string, unit: string): TimeseriesPanel {
  return lines(title, description, unit)
    .stacking(new StackingConfigBuilder().mode(StackingMode.Normal).group('A'))
    .gradientMode(GraphGradientMode.None)
    .fillOpacity(55)
    .lineWidth(1);
}

/** Bars on top of each other: rare events, how many per minute. Some 60 of them, so that each covers its own window. */
export function events(title: string, description: string): TimeseriesPanel {
  return stacked(title, description, 'short')
    .drawStyle(GraphDrawStyle.Bars)
    .fillOpacity(85)
    .lineWidth(0)
    .maxDataPoints(60);
}

/** Lines with the limits drawn across. */
export function limited(panel: TimeseriesPanel, range: Limits): TimeseriesPanel {
  return panel
    .thresholds(limits(range))
    .thresholdsStyle(new GraphThresholdsStyleConfigBuilder().mode(GraphThresholdsStyleMode.Dashed));
}

/** The absence of a number is neither good nor bad: it takes no colour from the thresholds. */
export const GREY_WITHOUT_VALUE: ValueMapping = {
  type: MappingType.SpecialValue,
  options: { match: SpecialValueMatch.Null, result: { color: COLOR.neutral, index: 0 } },
};

/** Big numbers, one per query. */
export function stat(title: string, description: string, unit: string): StatPanel {
  return new StatPanel()
    .title(title)
    .description(description)
    .datasource(DATASOURCE)
    .unit(unit)
    .noValue('No data')
    .mappings([GREY_WITHOUT_VALUE])
    .colorMode(BigValueColorMode.Value)
    .graphMode(BigValueGraphMode.None)
    .textMode(BigValueTextMode.Auto)
    .colorScheme(fixed('text'))
    .orientation(VizOrientation.Auto)
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']).fields('').values(false));
}

/** Bars beside each other, one per series, for the largest few of many. */
export function bars(title: string, description: string, unit: string): BarGaugePanel {
  return new BarGaugePanel()
    .title(title)
    .description(description)
    .datasource(DATASOURCE)
    .unit(unit)
    .min(0)
    .noValue(NO_DATA)
    .mappings([GREY_WITHOUT_VALUE])
    .orientation(VizOrientation.Horizontal)
    .displayMode(BarGaugeDisplayMode.Basic)
    .valueMode(BarGaugeValueMode.Text)
    .showUnfilled(false)
    .text(new VizTextDisplayOptionsBuilder().titleSize(13).valueSize(13))
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']).fields('').values(false));
}
