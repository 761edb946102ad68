/** Overrides of single series and columns. */
import type { DynamicConfigValue } from '@grafana/grafana-foundation-sdk/dashboard';
import { limits } from './common.ts';
import type { Limits } from './limits.ts';

/** One colour for a series, whatever else is drawn. */
export function color(fixedColor: string): DynamicConfigValue {
  return { id: 'color', value: { mode: 'fixed', fixedColor } };
}

/** Colours by limits of its own. */
export function limitedBy(range: Limits): DynamicConfigValue[] {
  return [
    { id: 'color', value: { mode: 'thresholds' } },
    { id: 'thresholds', value: limits(range).build() },
  ];
}

/** A dashed line without filling: something to compare with. */
export function dashed(): DynamicConfigValue[] {
  return [
    { id: 'custom.lineStyle', value: { fill: 'dash', dash: [6, 6] } },
    { id: 'custom.lineWidth', value: 1 },
    { id: 'custom.fillOpacity', value: 0 },
  ];
}

export function unit(id: string, decimals?: number): DynamicConfigValue[] {
  const property = { id: 'unit', value: id };
  return decimals === undefined ? [property] : [property, { id: 'decimals', value: decimals }];
}

export function width(pixels: number): DynamicConfigValue {
  return { id: 'custom.width', value: pixels };
}

/** How a table draws a cell; Grafana from 9.5 on turns it into its `cellOptions`. */
export function display(mode: 'color-text' | 'color-background-solid' | 'basic'): DynamicConfigValue {
  return { id: 'custom.displayMode', value: mode };
}

export function dataLinks(...links: readonly (readonly [title: string, url: string])[]): DynamicConfigValue {
  return { id: 'links', value: links.map(([title, url]) => ({ title, url, targetBlank: false })) };
}

/** A column that links need and nobody reads. */
export function hidden(): DynamicConfigValue {
  return { id: 'custom.hidden', value: true };
}

/** Text for a cell without a value. */
export function noValue(text: string): DynamicConfigValue {
  return { id: 'noValue', value: text };
}

/** A scale of its own, on the right. */
export function rightAxis(): DynamicConfigValue {
  return { id: 'custom.axisPlacement', value: 'right' };
}
