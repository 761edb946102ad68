/** The dashboards as files. `node grafana/src/main.ts` writes grafana/dashboards. */
import { writeFileSync } from 'node:fs';
import { dashboards } from './dashboards.ts';
import { importable } from './importable.ts';

/** File name in grafana/dashboards to its whole text: the same for the same sources, on every machine. */
export function generateDashboards(): Map<string, string> {
  return new Map([...dashboards()].map(([name, dashboard]) => [name, `${JSON.stringify(dashboard, null, 2)}\n`]));
}

/** File name in grafana/import to its whole text: the same dashboards for import by hand. */
export function generateImports(): Map<string, string> {
  return new Map([...dashboards()].map(([name, dashboard]) => [name, importable(dashboard)]));
}

if (import.meta.main) {
  for (const [name, text] of generateDashboards()) {
    writeFileSync(new URL(`../dashboards/${name}`, import.meta.url), text);
  }
}
