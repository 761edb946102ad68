/**
 * `npm run generate`: writes every generated file. With `--check` it writes nothing, and fails when a file on disk differs, is missing,
 * or is in a generated folder without being generated.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { generateDashboards, generateImports } from '../grafana/src/main.ts';
import { generateMixin, generatePrometheusRule, generateRules } from '../prometheus/src/main.ts';
import { deployFiles } from './deploy/chart.ts';
import { configurationReference } from './docs-configuration.ts';
import { metricsReference } from './docs-metrics.ts';
import { neededByRules } from './needed-by-rules.ts';
import { versioned } from './versions.ts';

const root = path.resolve(import.meta.dirname, '..');
/** Folders in which every file is generated. */
const OWNED = [
  'grafana/dashboards',
  'grafana/import',
  'mixin/rules',
  'prometheus/rules',
  'deploy/helm/llamacloud-exporter/files/rules',
  'deploy/helm/llamacloud-exporter/files/dashboards',
];

const files = new Map<string, string>([
  ['docs/metrics.md', metricsReference()],
  ['docs/configuration.md', configurationReference()],
  ...[...generateDashboards()].map(([name, text]) => [`grafana/dashboards/${name}`, text] as const),
  ...[...generateImports()].map(([name, text]) => [`grafana/import/${name}`, text] as const),
  ...[...generateRules()].map(([name, text]) => [`prometheus/rules/${name}`, text] as const),
  ...[...generateMixin()].map(([name, text]) => [`mixin/rules/${name}`, text] as const),
  ['src/metrics/needed-by-rules.ts', neededByRules(generateRules().values())],
  ['deploy/kubernetes/prometheus-rule.yaml', generatePrometheusRule()],
  ...versioned(),
  ...deployFiles(generateRules(), generateDashboards()),
]);

const read = (file: string): string | null =>
  existsSync(path.join(root, file)) ? readFileSync(path.join(root, file), 'utf8') : null;
const differing = [...files].filter(([file, text]) => read(file) !== text).map(([file]) => file);
const strays = OWNED.filter((folder) => existsSync(path.join(root, folder)))
  .flatMap((folder) => readdirSync(path.join(root, folder)).map((name) => `${folder}/${name}`))
  .filter((file) => !files.has(file));

if (process.argv.includes('--check')) {
  for (const file of differing) process.stdout.write(`out of date: ${file} (npm run generate)\n`);
  for (const file of strays) process.stdout.write(`not generated, but in a generated folder: ${file}\n`);
  process.exitCode = differing.length + strays.length === 0 ? 0 : 1;
} else {
  for (const file of differing) {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), files.get(file) as string);
    process.stdout.write(`written: ${file}\n`);
  }
}
