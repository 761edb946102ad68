/** The committed dashboards as plain JSON: what Grafana reads, not what made it. */
import { readdirSync, readFileSync } from 'node:fs';

const FOLDER = new URL('../../grafana/dashboards/', import.meta.url);

export type Target = {
  readonly refId: string;
  readonly expr: string;
  readonly interval: string;
  readonly instant?: boolean;
  readonly legendFormat?: string;
  readonly datasource: { readonly type: string; readonly uid: string };
};

export type Panel = {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly datasource?: { readonly uid: string };
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets?: readonly Target[];
  /** Rows only: whether it is folded, and the panels of a folded one. */
  readonly collapsed?: boolean;
  readonly panels?: readonly Panel[];
  readonly options?: { readonly reduceOptions?: { readonly fields?: string } };
  readonly fieldConfig?: {
    readonly defaults: { readonly unit?: string; readonly noValue?: string; readonly mappings?: readonly unknown[] };
    readonly overrides: readonly {
      readonly properties: readonly { readonly id: string; readonly value?: unknown }[];
    }[];
  };
};

export type Variable = {
  readonly name: string;
  readonly label: string;
  readonly type: string;
  readonly query: string | { readonly query: string };
  readonly datasource?: { readonly uid: string };
  readonly multi: boolean;
  readonly includeAll: boolean;
  readonly allValue?: string;
  readonly regex?: string;
  readonly refresh?: number;
};

export type Model = {
  readonly uid: string;
  readonly title: string;
  readonly editable: boolean;
  readonly schemaVersion: number;
  readonly tags: readonly string[];
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly Variable[] };
  readonly annotations: { readonly list: readonly { readonly name: string; readonly expr: string }[] };
  readonly links: readonly {
    readonly type: string;
    readonly tags: readonly string[];
    readonly keepTime: boolean;
    readonly includeVars: boolean;
  }[];
};

/** File name to text. */
export function committed(): Map<string, string> {
  return new Map(readdirSync(FOLDER).map((name) => [name, readFileSync(new URL(name, FOLDER), 'utf8')]));
}

export const models: readonly Model[] = [...committed().values()].map((text) => JSON.parse(text) as Model);

/** The panels as they are once every folded row has been opened. */
export function unfolded(model: Model): readonly Panel[] {
  return model.panels.flatMap((panel) => [panel, ...(panel.panels ?? [])]);
}

/** Panels that show something: all but the headers of rows. */
export function shown(model: Model): readonly Panel[] {
  return unfolded(model).filter((panel) => panel.type !== 'row');
}

/** Every query of every panel, with a name for messages. */
export function targets(model: Model): { name: string; panel: Panel; target: Target }[] {
  return shown(model).flatMap((panel) =>
    (panel.targets ?? []).map((target) => ({ name: `${model.uid} / ${panel.title} / ${target.refId}`, panel, target })),
  );
}

/** The query of a variable as text; empty if it asks no data source. */
export function variableQuery(variable: Variable): string {
  return typeof variable.query === 'string' ? variable.query : variable.query.query;
}
