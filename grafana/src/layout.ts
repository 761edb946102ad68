/** Places rows of panels on Grafana's grid of 24 columns and gives panels and queries the names that the SDK leaves out. */
import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  type Dashboard,
  DashboardBuilder,
  DashboardCursorSync,
  type Panel,
  RowBuilder,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { annotations, links, TAG } from './annotations.ts';
import { variables } from './variables.ts';

const COLUMNS = 24;

/** Read by Grafana 9.4 as it is, and brought to its own version by every later one. */
const SCHEMA_VERSION = 37;

/** A panel with its width in columns of 24 and its height in units of 30 pixels. */
export type Placed = { readonly panel: Builder<Panel>; readonly width: number; readonly height: number };

/** A titled row; its panels flow from left to right and wrap. A folded one shows its title only, until somebody opens it. */
export type Row = { readonly title: string; readonly panels: readonly Placed[]; readonly isFolded?: true };

export type Definition = {
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  /** Start of the default time range, such as `now-6h`. */
  readonly from: string;
  readonly rows: readonly Row[];
};

export function place(panel: Builder<Panel>, width: number, height: number): Placed {
  return { panel, width, height };
}

/**
 * The dashboard as Grafana's JSON model. Links and annotations stay at the top: the SDK would put them into a menu that only the
 * newest Grafana has. Ids are 100 times the row's number plus the panel's, so that
 * they stay when another row grows.
 */
export function assemble(definition: Definition): Dashboard {
  const builder = new DashboardBuilder(definition.title)
    .uid(definition.uid)
    .description(definition.description)
    .tags([TAG])
    .readonly()
    .tooltip(DashboardCursorSync.Crosshair)
    .time({ from: definition.from, to: 'now' })
    .refresh('1m')
    .variables(variables())
    .annotations(annotations())
    .links(links());
  const dashboard = builder.build();
  dashboard.schemaVersion = SCHEMA_VERSION;
  dashboard.panels = layOut(definition.rows);
  for (const item of [...(dashboard.links ?? []), ...(dashboard.annotations.list ?? [])]) delete item.placement;
  return dashboard;
}

function layOut(rows: readonly Row[]): NonNullable<Dashboard['panels']> {
  let y = 0;
  return rows.flatMap((row, index) => {
    const id = (index + 1) * 100;
    const builder = new RowBuilder(row.title).id(id).gridPos({ x: 0, y, w: COLUMNS, h: 1 });
    const panels = flow(row.panels, y + 1).map((panel, n) => identify(panel, id + n + 1));
    if (row.isFolded) {
      y += 1;
      return [{ ...builder.collapsed(true).build(), panels }];
    }
    const header = builder.build();
    y = Math.max(...panels.map((panel) => (panel.gridPos?.y ?? 0) + (panel.gridPos?.h ?? 0)));
    return [header, ...panels];
  });
}

function flow(placed: readonly Placed[], top: number): Panel[] {
  let x = 0;
  let y = top;
  let line = 0;
  return placed.map(({ panel, width, height }) => {
    if (x + width > COLUMNS) {
      x = 0;
      y += line;
      line = 0;
    }
    const built = { ...panel.build(), gridPos: { x, y, w: width, h: height } };
    x += width;
    line = Math.max(line, height);
    return built;
  });
}

function identify(panel: Panel, id: number): Panel {
  const targets = (panel.targets ?? []).map((target, n) => ({ ...target, refId: String.fromCharCode(65 + n) }));
  return { ...panel, id, targets };
}
